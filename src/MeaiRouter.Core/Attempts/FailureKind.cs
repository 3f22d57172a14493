namespace MeaiRouter.Attempts;

/// <summary>Why an attempt, or a whole request, failed. <see cref="FailureKinds"/> says what follows from each kind.</summary>
public enum FailureKind
{
    /// <summary>The failure fits no other kind. Another endpoint is tried.</summary>
    Unknown,

    /// <summary>The request is malformed or a parameter is not accepted; every endpoint would refuse it.</summary>
    InvalidRequest,

    /// <summary>The request's body exceeds what is accepted.</summary>
    RequestTooLarge,

    /// <summary>Prompt and requested output do not fit the endpoint's context; only a larger context can help.</summary>
    ContextTooLong,

    /// <summary>The prompt or the answer was stopped by a content filter.</summary>
    ContentFiltered,

    /// <summary>The provider rejected the key it was called with (HTTP 401).</summary>
    Unauthorized,

    /// <summary>The account at the provider has no credit left (HTTP 402).</summary>
    PaymentRequired,

    /// <summary>The account at the provider may not use this model or feature (HTTP 403).</summary>
    PermissionDenied,

    /// <summary>The provider does not know the model (HTTP 404).</summary>
    ModelNotFound,

    /// <summary>The provider limits the rate of requests or tokens (HTTP 429).</summary>
    RateLimited,

    /// <summary>The provider failed internally (HTTP 500 and other 5xx without a kind of their own).</summary>
    ServerError,

    /// <summary>No connection could be made, or it broke before anything was answered.</summary>
    ConnectionFailed,

    /// <summary>The provider or its gateway is unavailable (HTTP 502, 503).</summary>
    Unavailable,

    /// <summary>The provider says it is overloaded (HTTP 529, <c>overloaded_error</c>).</summary>
    Overloaded,

    /// <summary>The provider, or the client in front of it, gave up waiting, or no content arrived before the soft deadline.</summary>
    Timeout,

    /// <summary>A stream that had delivered content went silent for longer than the idle deadline.</summary>
    Stalled,

    /// <summary>The connection broke in the middle of an answer.</summary>
    Truncated,

    /// <summary>The answer ended without a finish reason, so nobody can tell whether it is whole.</summary>
    Incomplete,

    /// <summary>The answer is whole but holds neither text, reasoning, tool calls nor data.</summary>
    EmptyAnswer,

    /// <summary>The provider's bytes could not be understood as an answer.</summary>
    MalformedAnswer,

    /// <summary>
    /// The attempt was to continue an answer that had broken, and said something other than what the caller already had, or the endpoint
    /// would not continue. Nothing is wrong with the endpoint.
    /// </summary>
    ContinuationFailed,

    /// <summary>There was no room at the endpoint within its own limit of requests at once, and none in line or not in time.</summary>
    Saturated,

    /// <summary>The same, because the caller's own requests fill his share of the line.</summary>
    CallerSaturated,

    /// <summary>The endpoint's resilience pipeline, such as its circuit breaker, let no call through.</summary>
    CircuitOpen,

    /// <summary>The deadline of the whole request passed.</summary>
    DeadlineExceeded,

    /// <summary>The requested model is not in the catalogue.</summary>
    UnknownModel,

    /// <summary>The model is known, but no endpoint may serve this request.</summary>
    NoEndpoint,

    /// <summary>The caller cancelled.</summary>
    Cancelled,

    /// <summary>The ledger could not record the answer, and what is not recorded is not delivered.</summary>
    Unrecorded,

    /// <summary>A budget of ours has no room for what the call could cost. A cheaper endpoint may fit.</summary>
    BudgetExceeded,

    /// <summary>A limit of ours on requests, tokens or concurrency is reached. An endpoint under another limit may have room.</summary>
    LimitExceeded,

    /// <summary>The endpoint cannot take what the request holds (an image by address, a parameter the caller insists on); another may.</summary>
    Unsupported,

    /// <summary>The answer does not fit the schema that was asked for, and could not be mended.</summary>
    SchemaMismatch,
}
