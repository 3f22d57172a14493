using System.Collections.Frozen;
using System.Text.Json;
using MeaiRouter.Attempts;
using MeaiRouter.OpenAI.Wire;

namespace MeaiRouter.OpenAI.Errors;

/// <summary>What kind of failure a status and an error stand for: a telling word first, then the status, then a general word.</summary>
internal static class ErrorKinds
{
    // OpenAI's codes, Anthropic's types, OpenRouter's error_type, Google's statuses.
    private static readonly FrozenDictionary<string, FailureKind> TellingWords = Words(new()
    {
        ["insufficient_quota"] = FailureKind.PaymentRequired,
        ["billing_hard_limit_reached"] = FailureKind.PaymentRequired,
        ["billing_not_active"] = FailureKind.PaymentRequired,
        ["billing_error"] = FailureKind.PaymentRequired,
        ["insufficient_balance"] = FailureKind.PaymentRequired,
        ["insufficient_credits"] = FailureKind.PaymentRequired,
        ["payment_required"] = FailureKind.PaymentRequired,
        ["overloaded"] = FailureKind.Overloaded,
        ["overloaded_error"] = FailureKind.Overloaded,
        ["provider_overloaded"] = FailureKind.Overloaded,
        ["engine_overloaded"] = FailureKind.Overloaded,
        ["rate_limit_exceeded"] = FailureKind.RateLimited,
        ["rate_limit_error"] = FailureKind.RateLimited,
        ["rate_limited"] = FailureKind.RateLimited,
        ["too_many_requests"] = FailureKind.RateLimited,
        ["RESOURCE_EXHAUSTED"] = FailureKind.RateLimited,
        ["capacity_exhausted"] = FailureKind.RateLimited,
        ["context_length_exceeded"] = FailureKind.ContextTooLong,
        ["max_tokens_exceeded"] = FailureKind.ContextTooLong,
        ["token_limit_exceeded"] = FailureKind.ContextTooLong,
        ["string_too_long"] = FailureKind.ContextTooLong,
        ["content_filter"] = FailureKind.ContentFiltered,
        ["content_filtered"] = FailureKind.ContentFiltered,
        ["content_policy_violation"] = FailureKind.ContentFiltered,
        ["ResponsibleAIPolicyViolation"] = FailureKind.ContentFiltered,
        ["moderation_blocked"] = FailureKind.ContentFiltered,
        ["refusal"] = FailureKind.ContentFiltered,
        ["invalid_api_key"] = FailureKind.Unauthorized,
        ["authentication"] = FailureKind.Unauthorized,
        ["authentication_error"] = FailureKind.Unauthorized,
        ["UNAUTHENTICATED"] = FailureKind.Unauthorized,
        ["permission_denied"] = FailureKind.PermissionDenied,
        ["permission_error"] = FailureKind.PermissionDenied,
        ["model_not_found"] = FailureKind.ModelNotFound,
        ["not_found_error"] = FailureKind.ModelNotFound,
        ["payload_too_large"] = FailureKind.RequestTooLarge,
        ["request_too_large"] = FailureKind.RequestTooLarge,
        ["provider_unavailable"] = FailureKind.Unavailable,
        ["service_unavailable"] = FailureKind.Unavailable,
        ["service_unavailable_error"] = FailureKind.Unavailable,
        ["temporarily_unavailable"] = FailureKind.Unavailable,
        ["timeout_error"] = FailureKind.Timeout,
    });

    // Words that accompany many statuses and say less than any of them.
    private static readonly FrozenDictionary<string, FailureKind> GeneralWords = Words(new()
    {
        ["invalid_request_error"] = FailureKind.InvalidRequest,
        ["invalid_request"] = FailureKind.InvalidRequest,
        ["invalid_prompt"] = FailureKind.InvalidRequest,
        ["INVALID_ARGUMENT"] = FailureKind.InvalidRequest,
        ["unprocessable"] = FailureKind.InvalidRequest,
        ["not_found"] = FailureKind.ModelNotFound,
        ["server_error"] = FailureKind.ServerError,
        ["internal_server_error"] = FailureKind.ServerError,
        ["internal_error"] = FailureKind.ServerError,
        ["api_error"] = FailureKind.ServerError,
        ["server"] = FailureKind.ServerError,
        ["INTERNAL"] = FailureKind.ServerError,
        ["UNAVAILABLE"] = FailureKind.Unavailable,
        ["timeout"] = FailureKind.Timeout,
    });

    private static readonly string[] ContextPhrases =
    [
        "context length", "context window", "context size", "maximum context", "prompt is too long", "input is too long", "too many tokens",
        "maximum number of tokens", "reduce the length of",
    ];

    private static readonly string[] FilterPhrases =
    [
        "content management policy", "content policy", "content filter", "safety system", "usage policies", "flagged by moderation",
    ];

    private static readonly string[] ModelPhrases = ["is not a valid model", "model not found", "unknown model"];

    /// <summary>The kind of failure.</summary>
    /// <param name="status">The HTTP status, or the one an error inside an answer names; <see langword="null"/> for none.</param>
    /// <param name="error">The error.</param>
    public static FailureKind Of(int? status, WireError error)
    {
        if (Lookup(TellingWords, error) is { } told)
            return told;
        if (status is null && Lookup(GeneralWords, error) is { } general)
            return general == FailureKind.InvalidRequest ? OfBadRequest(error) : general;

        return status switch
        {
            null => FailureKind.Unknown,
            400 or 422 => OfBadRequest(error),
            401 => FailureKind.Unauthorized,
            402 => FailureKind.PaymentRequired,
            403 when IsModeration(error) => FailureKind.ContentFiltered,
            403 or 451 => FailureKind.PermissionDenied,
            404 => FailureKind.ModelNotFound,
            408 or 504 or 524 => FailureKind.Timeout,
            413 => FailureKind.RequestTooLarge,
            429 => FailureKind.RateLimited,
            502 or 503 => FailureKind.Unavailable,
            498 or 529 => FailureKind.Overloaded, // 498: Groq's flex tier out of capacity
            >= 500 => FailureKind.ServerError,
            >= 400 => FailureKind.InvalidRequest,
            _ => FailureKind.Unknown,
        };
    }

    private static FailureKind OfBadRequest(WireError error)
    {
        if (Says(error, ContextPhrases))
            return FailureKind.ContextTooLong;
        if (Says(error, FilterPhrases))
            return FailureKind.ContentFiltered;
        return Says(error, ModelPhrases) ? FailureKind.ModelNotFound : FailureKind.InvalidRequest;
    }

    // OpenRouter names the reasons for which its moderation flagged the input.
    private static bool IsModeration(WireError error) =>
        error.Metadata is { ValueKind: JsonValueKind.Object } metadata && metadata.TryGetProperty("flagged_input", out _);

    private static FailureKind? Lookup(FrozenDictionary<string, FailureKind> words, WireError error)
    {
        ReadOnlySpan<string?> said =
        [
            ErrorBody.Metadata(error, "error_type"),
            ErrorBody.Field(error, "error_type"),
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

    private static FrozenDictionary<string, FailureKind> Words(Dictionary<string, FailureKind> words) =>
        words.ToFrozenDictionary(StringComparer.OrdinalIgnoreCase);

    private static bool Says(WireError error, string[] phrases) =>
        error.Message is { } message && phrases.Any(phrase => message.Contains(phrase, StringComparison.OrdinalIgnoreCase));
}
