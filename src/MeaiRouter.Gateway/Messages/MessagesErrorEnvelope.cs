using System.Text.Json;
using MeaiRouter.Anthropic.Wire;
using MeaiRouter.Gateway.Errors;
using Microsoft.AspNetCore.Http;

namespace MeaiRouter.Gateway.Messages;

/// <summary>Anthropic's envelope, with OpenRouter's <c>error_type</c>, details and <c>availability</c> inside the error.</summary>
internal sealed class MessagesErrorEnvelope : IErrorEnvelope
{
    /// <summary>The header in which Anthropic's clients look for the id of a request.</summary>
    public const string RequestIdHeader = "request-id";

    private const int Overloaded = 529;

    public static MessagesErrorEnvelope Instance { get; } = new();

    public static ErrorEnvelope Of(GatewayError error, string? requestId, JsonElement? metadata)
    {
        var errorType = ErrorTypeOf(error);
        var envelope = new ErrorEnvelope
        {
            Error = new MessagesError { Type = TypeOf(error.Status, errorType), Message = error.Body.Message ?? "", ErrorType = errorType },
            RequestId = requestId,
            OpenrouterMetadata = metadata,
        };
        if (error.Body.Metadata is { } details)
            (envelope.Error.Extra ??= new Dictionary<string, JsonElement>())["metadata"] = details;
        foreach (var (name, value) in error.Body.Extra ?? new Dictionary<string, JsonElement>())
            (envelope.Error.Extra ??= new Dictionary<string, JsonElement>())[name] = value;
        return envelope;
    }

    public Task AnswerAsync(HttpResponse response, GatewayError error, JsonElement? metadata)
    {
        // The one id under which log and ledger keep the request. Refused callers have none.
        var id = response.Headers["X-Generation-Id"].ToString() is { Length: > 0 } own ? own : null;
        if (id is not null)
            response.Headers[RequestIdHeader] = id;

        // Anthropic's own status for it, by which its clients know it.
        if (ErrorTypeOf(error) == "provider_overloaded")
            response.StatusCode = Overloaded;
        return JsonSerializer.SerializeAsync(response.Body, Of(error, id, metadata), MessagesJson.Wire.ErrorEnvelope);
    }

    private static string? ErrorTypeOf(GatewayError error) =>
        error.Body.Metadata is { ValueKind: JsonValueKind.Object } details && details.TryGetProperty("error_type", out var type) ? type.GetString() : null;

    private static string TypeOf(int status, string? errorType) => (status, errorType) switch
    {
        (_, "provider_overloaded") => "overloaded_error",
        (401, _) => "authentication_error",
        (402, _) => "billing_error",
        (403, _) => "permission_error",
        (404, _) => "not_found_error",
        (413, _) => "request_too_large",
        (429, _) => "rate_limit_error",
        (408 or 504, _) => "timeout_error",
        ( >= 500, _) => "api_error",
        _ => "invalid_request_error",
    };
}
