using MeaiRouter.Attempts;

namespace MeaiRouter.Core.Tests.Attempts;

public sealed class FailureKindsTests
{
    [Fact]
    public void Every_kind_has_its_consequences() => Assert.All(Enum.GetValues<FailureKind>(), kind =>
    {
        var consequences = kind.Consequences();
        Assert.NotNull(consequences);
        Assert.InRange(consequences.HttpStatus, 400, 599);
        Assert.NotEmpty(consequences.ErrorType);
    });

    [Fact]
    public void Only_failures_of_the_request_itself_end_it() => Assert.Equal(
        [
            FailureKind.InvalidRequest, FailureKind.RequestTooLarge, FailureKind.ContentFiltered, FailureKind.DeadlineExceeded,
            FailureKind.UnknownModel, FailureKind.NoEndpoint, FailureKind.Cancelled, FailureKind.Unrecorded,
        ],
        Enum.GetValues<FailureKind>().Where(kind => kind.Consequences().Elsewhere == RetryElsewhere.Never));

    [Fact]
    public void Only_a_context_that_is_too_long_asks_for_a_larger_one() => Assert.Equal(
        [FailureKind.ContextTooLong],
        Enum.GetValues<FailureKind>().Where(kind => kind.Consequences().Elsewhere == RetryElsewhere.LargerContext));

    [Fact]
    public void What_ends_a_request_or_keeps_it_from_being_sent_says_nothing_about_an_endpoints_health()
    {
        FailureKind[] blameless =
        [
            FailureKind.Saturated, FailureKind.CallerSaturated, FailureKind.CircuitOpen, FailureKind.ContinuationFailed, FailureKind.BudgetExceeded,
            FailureKind.LimitExceeded, FailureKind.Unsupported, FailureKind.SchemaMismatch,
        ];
        Assert.All(
            Enum.GetValues<FailureKind>(),
            kind => Assert.Equal(
                kind.Consequences().Elsewhere == RetryElsewhere.Always && !blameless.Contains(kind), kind.Consequences().CountsAgainstHealth));
    }

    [Fact]
    public void An_endpoint_that_answers_differently_is_as_healthy_as_before() => Assert.Equal(
        (RetryElsewhere.Always, false), (FailureKind.ContinuationFailed.Consequences().Elsewhere, FailureKind.ContinuationFailed.Consequences().CountsAgainstHealth));

    [Fact]
    public void What_a_budget_of_ours_refuses_looks_like_no_failure_of_a_provider()
    {
        Assert.Equal(
            new FailureConsequences(RetryHere.Never, RetryElsewhere.Always, false, false, 402, "payment_required"), FailureKind.BudgetExceeded.Consequences());
        Assert.Equal(
            new FailureConsequences(RetryHere.Never, RetryElsewhere.Always, false, false, 429, "rate_limit_exceeded"), FailureKind.LimitExceeded.Consequences());
    }

    [Theory]
    [InlineData(FailureKind.Unauthorized)]
    [InlineData(FailureKind.PaymentRequired)]
    [InlineData(FailureKind.PermissionDenied)]
    public void A_provider_that_rejects_the_operators_key_does_not_look_like_a_rejection_of_the_callers(FailureKind kind) =>
        Assert.Equal((502, "provider_unavailable"), (kind.Consequences().HttpStatus, kind.Consequences().ErrorType));
}
