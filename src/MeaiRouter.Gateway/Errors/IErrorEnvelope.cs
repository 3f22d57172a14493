using System.Text.Json;
using Microsoft.AspNetCore.Http;

namespace MeaiRouter.Gateway.Errors;

/// <summary>How an error looks on paths whose owner has a form of his own: metadata of the endpoint. Without one it is OpenRouter's.</summary>
internal interface IErrorEnvelope
{
    /// <summary>Answers with the error.</summary>
    /// <param name="response">The answer, whose status and headers are set as OpenRouter has them.</param>
    /// <param name="error">The error.</param>
    /// <param name="metadata">OpenRouter's <c>openrouter_metadata</c>, where the caller wants it.</param>
    Task AnswerAsync(HttpResponse response, GatewayError error, JsonElement? metadata);
}
