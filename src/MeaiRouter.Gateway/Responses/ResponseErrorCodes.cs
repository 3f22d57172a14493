using System.Text.Json;
using MeaiRouter.Gateway.Errors;

namespace MeaiRouter.Gateway.Responses;

/// <summary>OpenAI's words for errors of this API, as OpenRouter chooses them (its <c>error_type</c> says more).</summary>
internal static class ResponseErrorCodes
{
    /// <summary>The <c>code</c> of an error.</summary>
    public static string Of(string errorType) => errorType switch
    {
        "rate_limit_exceeded" => "rate_limit_exceeded",
        "context_length_exceeded" or "invalid_request" => "invalid_prompt",
        "content_policy_violation" => "image_content_policy_violation",
        _ => "server_error",
    };

    /// <summary>The <c>error_type</c> of an error.</summary>
    public static string TypeOf(GatewayError error) =>
        error.Body.Metadata is { ValueKind: JsonValueKind.Object } metadata && metadata.TryGetProperty("error_type", out var type) ? type.GetString()! : "unmapped";
}
