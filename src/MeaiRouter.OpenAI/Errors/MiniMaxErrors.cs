using System.Collections.Frozen;
using System.Globalization;
using System.Text.Json;
using MeaiRouter.OpenAI.Wire;

namespace MeaiRouter.OpenAI.Errors;

/// <summary>MiniMax's <c>base_resp</c>, which says in an answer of status 200 how the request failed.</summary>
/// <remarks>Codes: https://platform.minimax.io/docs/api-reference/errorcode.</remarks>
internal static class MiniMaxErrors
{
    private const string Envelope = "base_resp";

    // In the words that ErrorKinds knows.
    private static readonly FrozenDictionary<long, string> Words = new Dictionary<long, string>
    {
        [1000] = "server_error",
        [1001] = "timeout",
        [1002] = "rate_limit_exceeded",
        [1004] = "invalid_api_key",
        [1008] = "insufficient_balance",
        [1013] = "server_error",
        [1024] = "server_error",
        [1026] = "content_filter",
        [1027] = "content_filter",
        [1033] = "server_error",
        [1039] = "rate_limit_exceeded",
        [1041] = "rate_limit_exceeded",
        [1042] = "invalid_request",
        [2013] = "invalid_request",
        [2045] = "rate_limit_exceeded",
        [2049] = "invalid_api_key",
        [2056] = "rate_limit_exceeded",
    }.ToFrozenDictionary();

    /// <summary>The error among the fields of an answer; <see langword="null"/> where it says that all is well, or nothing.</summary>
    public static WireError? Find(IDictionary<string, JsonElement> fields) => fields.TryGetValue(Envelope, out var envelope) ? Read(envelope) : null;

    /// <summary>The error in a body; <see langword="null"/> where there is none.</summary>
    public static WireError? Find(JsonElement body) => body.TryGetProperty(Envelope, out var envelope) ? Read(envelope) : null;

    private static WireError? Read(JsonElement envelope)
    {
        if (envelope.ValueKind != JsonValueKind.Object
            || !envelope.TryGetProperty("status_code", out var status) || status.ValueKind != JsonValueKind.Number || !status.TryGetInt64(out var code) || code == 0)
            return null;

        return new WireError
        {
            Code = code.ToString(CultureInfo.InvariantCulture),
            Type = Words.GetValueOrDefault(code),
            Message = envelope.TryGetProperty("status_msg", out var message) ? ErrorWords.Of(message) : null,
        };
    }
}
