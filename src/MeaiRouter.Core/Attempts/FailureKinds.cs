namespace MeaiRouter.Attempts;

/// <summary>What follows from a <see cref="FailureKind"/>: the one table behind fallback, health, cost and the gateway's errors.</summary>
public static class FailureKinds
{
    // error_type and status: OpenRouter's ApiErrorType vocabulary. A provider's 401, 402 or 403 is the operator's problem, not the
    // caller's: it surfaces as 502, so that nobody mistakes it for a rejection of his own key.
    private static readonly FailureConsequences[] Table = CreateTable();

    /// <summary>The consequences of <paramref name="kind"/>.</summary>
    /// <param name="kind">The kind of failure.</param>
    public static FailureConsequences Consequences(this FailureKind kind) => Table[(int)kind];

    /// <summary>Whether a provider's words about a failure of this kind may name how long it will last.</summary>
    /// <param name="kind">The kind of failure.</param>
    public static bool MayNameAWait(this FailureKind kind) =>
        kind is FailureKind.RateLimited or FailureKind.Unavailable or FailureKind.Overloaded or FailureKind.ServerError;

    private static FailureConsequences[] CreateTable()
    {
        var table = new FailureConsequences[Enum.GetValues<FailureKind>().Length];

        void Row(FailureKind kind, RetryHere here, RetryElsewhere elsewhere, bool health, bool cost, int status, string errorType) =>
            table[(int)kind] = new FailureConsequences(here, elsewhere, health, cost, status, errorType);

        //  kind                           here                   elsewhere                     health cost   HTTP error_type
        Row(FailureKind.Unknown,           RetryHere.Never,       RetryElsewhere.Always,        true,  false, 502, "unmapped");
        Row(FailureKind.InvalidRequest,    RetryHere.Never,       RetryElsewhere.Never,         false, false, 400, "invalid_request");
        Row(FailureKind.RequestTooLarge,   RetryHere.Never,       RetryElsewhere.Never,         false, false, 413, "payload_too_large");
        Row(FailureKind.ContextTooLong,    RetryHere.Never,       RetryElsewhere.LargerContext, false, false, 400, "context_length_exceeded");
        Row(FailureKind.ContentFiltered,   RetryHere.Never,       RetryElsewhere.Never,         false, false, 400, "content_policy_violation");
        Row(FailureKind.Unauthorized,      RetryHere.NextKey,     RetryElsewhere.Always,        true,  false, 502, "provider_unavailable");
        Row(FailureKind.PaymentRequired,   RetryHere.NextKey,     RetryElsewhere.Always,        true,  false, 502, "provider_unavailable");
        Row(FailureKind.PermissionDenied,  RetryHere.NextKey,     RetryElsewhere.Always,        true,  false, 502, "provider_unavailable");
        Row(FailureKind.ModelNotFound,     RetryHere.Never,       RetryElsewhere.Always,        true,  false, 404, "not_found");
        Row(FailureKind.RateLimited,       RetryHere.WhenAllowed, RetryElsewhere.Always,        true,  false, 429, "rate_limit_exceeded");
        Row(FailureKind.ServerError,       RetryHere.Once,        RetryElsewhere.Always,        true,  false, 502, "provider_unavailable");
        Row(FailureKind.ConnectionFailed,  RetryHere.Once,        RetryElsewhere.Always,        true,  false, 502, "provider_unavailable");
        Row(FailureKind.Unavailable,       RetryHere.Never,       RetryElsewhere.Always,        true,  false, 503, "provider_unavailable");
        Row(FailureKind.Overloaded,        RetryHere.Never,       RetryElsewhere.Always,        true,  false, 503, "provider_overloaded");
        Row(FailureKind.Timeout,           RetryHere.Never,       RetryElsewhere.Always,        true,  true,  504, "timeout");
        Row(FailureKind.Stalled,           RetryHere.Never,       RetryElsewhere.Always,        true,  true,  504, "timeout");
        Row(FailureKind.Truncated,         RetryHere.Never,       RetryElsewhere.Always,        true,  true,  502, "provider_unavailable");
        Row(FailureKind.Incomplete,        RetryHere.Never,       RetryElsewhere.Always,        true,  true,  502, "provider_unavailable");
        Row(FailureKind.EmptyAnswer,       RetryHere.Never,       RetryElsewhere.Always,        true,  true,  502, "provider_unavailable");
        Row(FailureKind.MalformedAnswer,   RetryHere.Never,       RetryElsewhere.Always,        true,  true,  502, "provider_unavailable");
        Row(FailureKind.ContinuationFailed, RetryHere.Never,      RetryElsewhere.Always,        false, false, 502, "provider_unavailable");
        Row(FailureKind.Saturated,         RetryHere.Never,       RetryElsewhere.Always,        false, false, 503, "provider_overloaded");
        Row(FailureKind.CallerSaturated,   RetryHere.Never,       RetryElsewhere.Always,        false, false, 429, "rate_limit_exceeded");
        Row(FailureKind.CircuitOpen,       RetryHere.Never,       RetryElsewhere.Always,        false, false, 503, "provider_unavailable");
        Row(FailureKind.DeadlineExceeded,  RetryHere.Never,       RetryElsewhere.Never,         false, true,  504, "timeout");
        Row(FailureKind.UnknownModel,      RetryHere.Never,       RetryElsewhere.Never,         false, false, 400, "invalid_request");
        Row(FailureKind.NoEndpoint,        RetryHere.Never,       RetryElsewhere.Never,         false, false, 404, "not_found");
        Row(FailureKind.Cancelled,         RetryHere.Never,       RetryElsewhere.Never,         false, true,  499, "cancelled");
        Row(FailureKind.Unrecorded,        RetryHere.Never,       RetryElsewhere.Never,         false, true,  500, "unmapped");
        Row(FailureKind.BudgetExceeded,    RetryHere.Never,       RetryElsewhere.Always,        false, false, 402, "payment_required");
        Row(FailureKind.LimitExceeded,     RetryHere.Never,       RetryElsewhere.Always,        false, false, 429, "rate_limit_exceeded");
        Row(FailureKind.Unsupported,       RetryHere.Never,       RetryElsewhere.Always,        false, false, 400, "invalid_request");
        Row(FailureKind.SchemaMismatch,    RetryHere.Never,       RetryElsewhere.Always,        false, true,  502, "provider_unavailable");
        return table;
    }
}
