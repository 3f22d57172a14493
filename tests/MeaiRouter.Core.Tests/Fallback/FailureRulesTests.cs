using MeaiRouter.Attempts;
using MeaiRouter.Core.Tests.Fakes;
using MeaiRouter.Fallback;
using Microsoft.Extensions.AI;

namespace MeaiRouter.Core.Tests.Fallback;

/// <summary>What users say about failures: what an exception means, and whether a filtered answer may be asked for elsewhere.</summary>
public sealed class FailureRulesTests
{
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_rule_is_believed_before_our_own_reading_and_the_first_that_knows_wins(bool streaming)
    {
        var options = new FallbackOptions
        {
            FailureRules =
            [
                static exception => exception is TimeoutException ? FailureKind.ServerError : null,
                static exception => exception is NotSupportedException ? FailureKind.InvalidRequest : null,
                static _ => FailureKind.Overloaded,
            ],
        };
        var (failing, unused) = (FakeChatClient.Playing(new NotSupportedException("No tools.")), FakeChatClient.Answering("Not asked."));

        var failure = await TestPipeline.With(options, null, null, failing, unused).AskInVainAsync(streaming);

        Assert.Equal((FailureKind.InvalidRequest, "a/large-a: No tools."), (failure.Kind, failure.Message));
        Assert.Empty(unused.Calls);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_rule_keeps_what_else_is_known_and_one_that_does_not_know_changes_nothing(bool streaming)
    {
        var thrown = new RouterException(FailureKind.InvalidRequest, "Try later.") { Status = 400, RetryAfter = TimeSpan.FromSeconds(9), RequestId = "r" };
        var options = new FallbackOptions
        {
            FailureRules = [static exception => exception.Message == "Try later." ? FailureKind.RateLimited : null],
        };
        FakeChatClient[] providers = [FakeChatClient.Playing(thrown), FakeChatClient.Playing(new TimeoutException("Slow.")), FakeChatClient.Answering("Hello")];

        var response = await TestPipeline.With(options, null, null, providers).AskAsync(streaming);

        var failure = response.Trace().Attempts[0].Failure!;
        Assert.Equal(["a Failed RateLimited", "b Failed Timeout", "c Answered"], response.Trace().Attempts.Told());
        Assert.Equal((400, TimeSpan.FromSeconds(9), "r", "a"), (failure.Status, failure.RetryAfter, failure.RequestId, failure.Provider));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_rule_that_fails_itself_is_left_out_and_the_trace_says_so(bool streaming)
    {
        var options = new FallbackOptions { FailureRules = [static _ => throw new InvalidOperationException("secret")] };

        var response = await TestPipeline
            .With(options, null, null, FakeChatClient.Playing(new TimeoutException("Slow.")), FakeChatClient.Answering("Hello")).AskAsync(streaming);

        Assert.Equal(["a Failed Timeout", "b Answered"], response.Trace().Attempts.Told());
        Assert.Equal(["A rule in FailureRules threw a InvalidOperationException and was left out."], response.Trace().Notes);
    }

    public static TheoryData<bool, bool> ErrorOrFinishReason => new() { { false, false }, { false, true }, { true, false }, { true, true } };

    [Theory]
    [MemberData(nameof(ErrorOrFinishReason))]
    public async Task What_a_filter_stopped_is_asked_for_elsewhere_if_one_says_so(bool isError, bool streaming)
    {
        var options = new FallbackOptions { OnContentFiltered = RetryElsewhere.Always };

        var response = await TestPipeline.With(options, null, null, Filtered(isError), FakeChatClient.Answering("Hello")).AskAsync(streaming);

        Assert.Equal("Hello", response.Text);
        Assert.Equal(["a Failed ContentFiltered", "b Answered"], response.Trace().Attempts.Told());
    }

    [Theory]
    [MemberData(nameof(ErrorOrFinishReason))]
    public async Task Where_every_filter_stops_it_the_caller_learns_of_it(bool isError, bool streaming)
    {
        var options = new FallbackOptions { OnContentFiltered = RetryElsewhere.Always };

        var failure = await TestPipeline.With(options, null, null, Filtered(isError), Filtered(isError)).AskInVainAsync(streaming);

        Assert.Equal(FailureKind.ContentFiltered, failure.Kind);
        Assert.Equal(2, failure.Attempts.Count);
    }

    private static FakeChatClient Filtered(bool isError) => isError
        ? FakeChatClient.Playing(new RouterException(FailureKind.ContentFiltered, "Not that."))
        : FakeChatClient.Playing(Step.Role, ChatFinishReason.ContentFilter);
}
