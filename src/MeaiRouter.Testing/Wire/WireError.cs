using System.Text.Json.Nodes;

namespace MeaiRouter.Testing;

/// <summary>An error, in OpenAI's shape and in the one that OpenRouter uses once the status line says 200.</summary>
internal sealed record WireError(int Status, string? Code, string Message)
{
    public static WireError Of(int status, string? code, ReceivedRequest request, string message) =>
        new(status, code, $"{request.Provider}: {message}");

    public Transcript ToTranscript() =>
        Transcript.Whole(Status, "application/json", WireJson.Bytes(new JsonObject
        {
            ["error"] = new JsonObject { ["message"] = Message, ["type"] = Type, ["param"] = null, ["code"] = Code },
        }));

    /// <summary>A body that holds nothing but the error, in OpenRouter's shape.</summary>
    public byte[] InBandBody(string provider) => WireJson.Bytes(new JsonObject { ["error"] = InBand(provider) });

    /// <summary>OpenRouter's: the code is the HTTP status that would have been sent; its own vocabulary is in the metadata.</summary>
    public JsonObject InBand(string provider) => new()
    {
        ["code"] = Status,
        ["message"] = Message,
        ["metadata"] = new JsonObject { ["error_type"] = Code, ["provider_name"] = provider },
    };

    private string Type => Status switch
    {
        401 => "authentication_error",
        402 => "insufficient_quota",
        403 => "permission_error",
        429 => "rate_limit_error",
        >= 500 => "server_error",
        _ => "invalid_request_error",
    };
}
