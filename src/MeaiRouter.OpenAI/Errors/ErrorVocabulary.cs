using System.Collections.Frozen;
using MeaiRouter.Attempts;

namespace MeaiRouter.OpenAI.Errors;

/// <summary>The words by which providers call errors, with the kind of failure each stands for.</summary>
internal static class ErrorVocabulary
{
    /// <summary>Words that say more than the status they come with.</summary>
    public static FrozenDictionary<string, FailureKind> Telling { get; } = Words(
        (FailureKind.PaymentRequired,
        [
            "insufficient_quota", "billing_hard_limit_reached", "billing_not_active", "billing_error", "insufficient_balance", "insufficient_credits",
            "payment_required",
            "exceeded_current_quota_error", // Moonshot
            "Arrearage", "1113", // Alibaba; Z.ai
        ]),
        (FailureKind.Overloaded,
        [
            "overloaded", "overloaded_error", "provider_overloaded", "engine_overloaded",
            "engine_overloaded_error", "queue_exceeded", "1305", // Moonshot; Cerebras; Z.ai
        ]),
        (FailureKind.RateLimited,
        [
            "rate_limit_exceeded", "rate_limit_error", "rate_limited", "too_many_requests", "RESOURCE_EXHAUSTED", "capacity_exhausted",
            "rate_limit_reached_error", "RateLimitReached", "token_quota_exceeded", "request_quota_exceeded", // Moonshot; Azure and GitHub; Cerebras
            "ThrottlingException", "TooManyRequestsException", "ServiceQuotaExceededException", // Bedrock
            "Throttling", "Throttling.RateQuota", "Throttling.AllocationQuota", "limit_requests", "limit_burst_rate", // Alibaba
        ]),
        (FailureKind.ContextTooLong,
        [
            "context_length_exceeded", "max_tokens_exceeded", "token_limit_exceeded", "string_too_long",
            "exceed_context_size_error", "tokens_limit_reached", "1261", // llama.cpp; GitHub; Z.ai
        ]),
        (FailureKind.ContentFiltered,
        [
            "content_filter", "content_filtered", "content_policy_violation", "ResponsibleAIPolicyViolation", "moderation_blocked", "refusal",
            "data_inspection_failed", "DataInspectionFailed", "1301", // Alibaba; Z.ai
        ]),
        (FailureKind.Unauthorized,
        [
            "invalid_api_key", "authentication", "authentication_error", "UNAUTHENTICATED",
            "invalid_authentication_error", "wrong_api_key", "InvalidApiKey", // Moonshot; Cerebras; Alibaba
            "API_KEY_INVALID", "ACCESS_TOKEN_EXPIRED", // Google
            "UnrecognizedClientException", "ExpiredTokenException", "InvalidSignatureException", // Bedrock
        ]),
        (FailureKind.PermissionDenied,
        [
            "permission_denied", "permission_error", "permission_denied_error",
            "AccessDeniedException", "API_KEY_SERVICE_BLOCKED", "FAILED_PRECONDITION", // Bedrock; Google: blocked, or not in this country
        ]),
        (FailureKind.ModelNotFound,
        [
            "model_not_found", "not_found_error", "model_not_available", "resource_not_found_error", "unknown_model",
            "DeploymentNotFound", "ResourceNotFoundException", "1211", // Azure; Bedrock; Z.ai
        ]),
        (FailureKind.RequestTooLarge, ["payload_too_large", "request_too_large"]),
        (FailureKind.Unavailable,
        [
            "provider_unavailable", "service_unavailable", "service_unavailable_error", "temporarily_unavailable", "unavailable_error",
            "ServiceUnavailableException", "ModelNotReadyException", // Bedrock
        ]),
        (FailureKind.ServerError, ["ModelErrorException", "ModelStreamErrorException"]), // Bedrock, with 424
        (FailureKind.Timeout, ["timeout_error", "DEADLINE_EXCEEDED", "ModelTimeoutException"]),
        (FailureKind.Unsupported, ["not_supported_error"]), // llama.cpp, with 501
        (FailureKind.SchemaMismatch, ["json_validate_failed"]), // Groq: what the model wrote does not fit the schema
        (FailureKind.MalformedAnswer, ["tool_use_failed"])); // Groq: the model's call of a tool could not be read

    /// <summary>Words that accompany many statuses and say less than any of them.</summary>
    public static FrozenDictionary<string, FailureKind> General { get; } = Words(
        (FailureKind.InvalidRequest,
        [
            "invalid_request_error", "invalid_request", "invalid_prompt", "INVALID_ARGUMENT", "unprocessable", "ValidationException", "BadRequestError",
            "invalid_parameter_error",
        ]),
        (FailureKind.ModelNotFound, ["not_found"]),
        (FailureKind.ServerError, ["server_error", "internal_server_error", "internal_error", "api_error", "server", "INTERNAL", "InternalServerException"]),
        (FailureKind.Unavailable, ["UNAVAILABLE"]),
        (FailureKind.Timeout, ["timeout"]));

    /// <summary>What is said of prompts that do not fit the model's context.</summary>
    public static string[] ContextPhrases { get; } =
    [
        "context length", "context window", "context size", "maximum context", "prompt is too long", "input is too long", "too many tokens",
        "maximum number of tokens", "reduce the length of", "range of input length",
    ];

    /// <summary>What is said of prompts and answers that a filter stopped.</summary>
    public static string[] FilterPhrases { get; } =
    [
        "content management policy", "content policy", "content filter", "safety system", "usage policies", "usage guidelines", "flagged by moderation",
        "inappropriate content", "considered high risk",
    ];

    /// <summary>What is said of models that are not there.</summary>
    public static string[] ModelPhrases { get; } = ["is not a valid model", "model not found", "unknown model", "no such model"];

    /// <summary>What is said of keys by those who answer 400 to a wrong one (xAI, Gemini).</summary>
    public static string[] KeyPhrases { get; } = ["incorrect api key", "invalid api key", "api key not valid", "api key expired"];

    private static FrozenDictionary<string, FailureKind> Words(params ReadOnlySpan<(FailureKind Kind, string[] Words)> kinds)
    {
        var words = new Dictionary<string, FailureKind>(StringComparer.OrdinalIgnoreCase);
        foreach (var (kind, named) in kinds)
        {
            foreach (var word in named)
                words[word] = kind;
        }

        return words.ToFrozenDictionary(StringComparer.OrdinalIgnoreCase);
    }
}
