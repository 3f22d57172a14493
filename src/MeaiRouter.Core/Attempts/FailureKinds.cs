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

    private static FailureConsequences[] CreateTable()
    {
        var table = new FailureConsequences[Enum.GetValues<FailureKind>().Length];

        void Row(FailureKind kind, RetryElsewhere elsewhere, bool health, bool cost, int status, string errorType) =>
            table[(int)kind] = new FailureConsequences(elsewhere, health, cost, status, errorType);

        //  kind                           elsewhere                     health cost   HTTP error_type
        Row(FailureKind.Unknown,           RetryElsewhere.Always,        true,  false, 502, "unmapped");
        Row(FailureKind.InvalidRequest,    RetryElsewhere.Never,         false, false, 400, "invalid_request");
        Row(FailureKind.RequestTooLarge,   RetryElsewhere.Never,         false, false, 413, "payload_too_large");
        Row(FailureKind.ContextTooLong,    RetryElsewhere.LargerContext, false, false, 400, "context_length_exceeded");
        Row(FailureKind.ContentFiltered,   RetryElsewhere.Never,         false, false, 400, "content_policy_violation");
        Row(FailureKind.Unauthorized,      RetryElsewhere.Always,        true,  false, 502, "provider_unavailable");
        Row(FailureKind.PaymentRequired,   RetryElsewhere.Always,        true,  false, 502, "provider_unavailable");
        Row(FailureKind.PermissionDenied,  RetryElsewhere.Always,        true,  false, 502, "provider_unavailable");
        Row(FailureKind.ModelNotFound,     RetryElsewhere.Always,        true,  false, 404, "not_found");
        Row(FailureKind.RateLimited,       RetryElsewhere.Always,        true,  false, 429, "rate_limit_exceeded");
        Row(FailureKind.ServerError,       RetryElsewhere.Always,        true,  false, 502, "provider_unavailable");
        Row(FailureKind.ConnectionFailed,  RetryElsewhere.Always,        true,  false, 502, "provider_unavailable");
        Row(FailureKind.Unavailable,       RetryElsewhere.Always,        true,  false, 503, "provider_unavailable");
        Row(FailureKind.Overloaded,        RetryElsewhere.Always,        true,  false, 503, "provider_overloaded");
        Row(FailureKind.Timeout,           RetryElsewhere.Always,        true,  true,  504, "timeout");
        Row(FailureKind.Stalled,           RetryElsewhere.Always,        true,  true,  504, "timeout");
        Row(FailureKind.Truncated,         RetryElsewhere.Always,        true,  true,  502, "provider_unavailable");
        Row(FailureKind.Incomplete,        RetryElsewhere.Always,        true,  true,  502, "provider_unavailable");
        Row(FailureKind.EmptyAnswer,       RetryElsewhere.Always,        true,  true,  502, "provider_unavailable");
        Row(FailureKind.MalformedAnswer,   RetryElsewhere.Always,        true,  true,  502, "provider_unavailable");
        Row(FailureKind.DeadlineExceeded,  RetryElsewhere.Never,         false, true,  504, "timeout");
        Row(FailureKind.UnknownModel,      RetryElsewhere.Never,         false, false, 400, "invalid_request");
        Row(FailureKind.NoEndpoint,        RetryElsewhere.Never,         false, false, 404, "not_found");
        Row(FailureKind.Cancelled,         RetryElsewhere.Never,         false, true,  499, "cancelled");
        Row(FailureKind.BudgetExceeded,    RetryElsewhere.Always,        false, false, 402, "payment_required");
        Row(FailureKind.LimitExceeded,     RetryElsewhere.Always,        false, false, 429, "rate_limit_exceeded");
        return table;
    }
}
