using System.Collections.Frozen;
using System.Text.Json;
using MeaiRouter.Attempts;
using MeaiRouter.OpenAI.Wire;

namespace MeaiRouter.OpenAI.Errors;

/// <summary>What kind of failure a status and an error stand for: a telling word first, then the status, then a general word.</summary>
internal static class ErrorKinds
{
    /// <summary>The kind of failure.</summary>
    /// <param name="status">The HTTP status, or the one an error inside an answer names; <see langword="null"/> for none.</param>
    /// <param name="error">The error.</param>
    /// <param name="upstream">The error behind it, where the provider only passes it on.</param>
    public static FailureKind Of(int? status, WireError error, WireError? upstream = null)
    {
        if ((Lookup(ErrorVocabulary.Telling, error) ?? Lookup(ErrorVocabulary.Telling, upstream)) is { } told)
            return told;
        if (status is null && Lookup(ErrorVocabulary.General, error) is { } general)
            return general == FailureKind.InvalidRequest ? OfBadRequest(error, upstream) : general;

        return status switch
        {
            null => FailureKind.Unknown,
            400 or 422 => OfBadRequest(error, upstream),
            401 => FailureKind.Unauthorized,
            402 => FailureKind.PaymentRequired,
            403 when IsModeration(error) || Says(error, ErrorVocabulary.FilterPhrases) => FailureKind.ContentFiltered,
            403 or 451 => FailureKind.PermissionDenied,
            404 => FailureKind.ModelNotFound,
            408 or 504 or 524 => FailureKind.Timeout,
            412 => FailureKind.PermissionDenied, // Fireworks: the account is suspended
            413 => FailureKind.RequestTooLarge,
            429 => FailureKind.RateLimited,
            502 or 503 => FailureKind.Unavailable,
            498 or 529 => FailureKind.Overloaded, // 498: Groq's flex tier out of capacity
            >= 500 => FailureKind.ServerError,
            >= 400 => FailureKind.InvalidRequest,
            _ => FailureKind.Unknown,
        };
    }

    private static FailureKind OfBadRequest(WireError error, WireError? upstream)
    {
        if (Says(error, ErrorVocabulary.KeyPhrases))
            return FailureKind.Unauthorized;
        if (Says(error, ErrorVocabulary.ContextPhrases) || Says(upstream, ErrorVocabulary.ContextPhrases))
            return FailureKind.ContextTooLong;
        if (Says(error, ErrorVocabulary.FilterPhrases) || Says(upstream, ErrorVocabulary.FilterPhrases))
            return FailureKind.ContentFiltered;
        return Says(error, ErrorVocabulary.ModelPhrases) ? FailureKind.ModelNotFound : FailureKind.InvalidRequest;
    }

    // OpenRouter names the reasons for which its moderation flagged the input.
    private static bool IsModeration(WireError error) =>
        error.Metadata is { ValueKind: JsonValueKind.Object } metadata && metadata.TryGetProperty("flagged_input", out _);

    private static FailureKind? Lookup(FrozenDictionary<string, FailureKind> words, WireError? error)
    {
        if (error is null)
            return null;

        ReadOnlySpan<string?> said =
        [
            ErrorBody.Metadata(error, "error_type"),
            ErrorBody.Field(error, "error_type"),
            InnerCode(error),
            Reason(error),
            error.Code,
            error.Type,
            ErrorBody.Field(error, "status"),
        ];
        foreach (var word in said)
        {
            if (word is not null && words.TryGetValue(word, out var kind))
                return kind;
        }

        return null;
    }

    // Azure: {"code":"content_filter","innererror":{"code":"ResponsibleAIPolicyViolation",...}}.
    private static string? InnerCode(WireError error) =>
        error.Extra is { } extra && extra.TryGetValue("innererror", out var inner) ? Text(inner, "code") : null;

    // Google: {"status":"INVALID_ARGUMENT","details":[{"@type":".../google.rpc.ErrorInfo","reason":"API_KEY_INVALID",...}]}.
    private static string? Reason(WireError error)
    {
        if (error.Extra is not { } extra || !extra.TryGetValue("details", out var details) || details.ValueKind != JsonValueKind.Array)
            return null;

        foreach (var detail in details.EnumerateArray())
        {
            if (Text(detail, "reason") is { } reason)
                return reason;
        }

        return null;
    }

    private static string? Text(JsonElement element, string name) =>
        element.ValueKind == JsonValueKind.Object && element.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;

    private static bool Says(WireError? error, string[] phrases) =>
        error?.Message is { } message && phrases.Any(phrase => message.Contains(phrase, StringComparison.OrdinalIgnoreCase));
}
