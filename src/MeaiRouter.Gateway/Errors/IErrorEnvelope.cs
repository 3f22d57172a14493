using System.Text.Json;

namespace MeaiRouter.Gateway.Errors;

/// <summary>How the body of an error looks on paths whose owner has a form of his own: metadata of the endpoint. Without one it is OpenRouter's.</summary>
internal interface IErrorEnvelope
{
    /// <summary>Writes the body.</summary>
    /// <param name="output">Where to; status and headers are set.</param>
    /// <param name="error">The error.</param>
    /// <param name="metadata">OpenRouter's <c>openrouter_metadata</c>, where the caller wants it.</param>
    Task WriteAsync(Stream output, GatewayError error, JsonElement? metadata);
}
