using System.Net;
using MeaiRouter.Attempts;
using MeaiRouter.Core.Tests.Fakes;
using MeaiRouter.Fallback;
using Microsoft.Extensions.AI;

namespace MeaiRouter.Core.Tests.Fallback;

/// <summary>The one exception that says what several attempts died of.</summary>
public sealed class FailureReportTests
{
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task It_says_what_each_attempt_died_of(bool streaming)
    {
        var pipeline = TestPipeline.Of(
            Failing(FailureKind.RateLimited, 429, "Slow down."),
            FakeChatClient.Playing(new HttpRequestException("Connection refused.")),
            FakeChatClient.Playing(Step.Role));

        var failure = await pipeline.AskInVainAsync(streaming);

        Assert.Equal(
            "All 3 attempts failed. 1. a/large-a: RateLimited (HTTP 429), Slow down. 2. b/large-b: ConnectionFailed, Connection refused. "
            + "3. c/large-c: EmptyAnswer, The answer is empty and has no finish reason.",
            failure.Message);
        Assert.Equal(FailureKind.Unavailable, failure.Kind);
        Assert.Equal((null, null, null), (failure.Status, failure.Provider, failure.Endpoint));
        Assert.Equal(["a Failed RateLimited", "b Failed ConnectionFailed", "c Failed EmptyAnswer"], failure.Attempts.Told());
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Attempts_that_all_died_of_the_same_are_of_that_kind(bool streaming)
    {
        var failure = await TestPipeline
            .Of(Failing(FailureKind.RateLimited, 429, "Slow."), Failing(FailureKind.RateLimited, 429, "Down."))
            .AskInVainAsync(streaming);

        Assert.Equal(FailureKind.RateLimited, failure.Kind);
        Assert.Equal(
            "All 2 attempts failed. 1. a/large-a: RateLimited (HTTP 429), Slow. 2. b/large-b: RateLimited (HTTP 429), Down.", failure.Message);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_single_attempt_is_reported_as_itself(bool streaming)
    {
        var thrown = new HttpRequestException("Bad gateway.", null, HttpStatusCode.BadGateway);

        var failure = await TestPipeline.Of(FakeChatClient.Playing(thrown)).AskInVainAsync(streaming);

        Assert.Equal(
            (FailureKind.Unavailable, "a/large-a: Bad gateway.", 502, "a", "a"),
            (failure.Kind, failure.Message, failure.Status, failure.Provider, failure.Endpoint));
        Assert.Same(thrown, failure.InnerException!.InnerException);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_failure_that_ends_the_request_names_the_attempts_before_it(bool streaming)
    {
        var failure = await TestPipeline
            .Of(Failing(FailureKind.Unavailable, 503, "Oops."), Failing(FailureKind.InvalidRequest, 400, "No such parameter."))
            .AskInVainAsync(streaming);

        Assert.Equal(
            (FailureKind.InvalidRequest,
                "No such parameter. 1. a/large-a: Unavailable (HTTP 503), Oops. 2. b/large-b: InvalidRequest (HTTP 400), No such parameter."),
            (failure.Kind, failure.Message));
    }

    [Theory]
    [InlineData(5, 3, 3, false)]
    [InlineData(5, 3, 3, true)]
    [InlineData(5, null, null, false)]
    [InlineData(5, null, null, true)]
    public async Task It_may_be_tried_again_as_soon_as_the_first_may_if_every_one_said_when(int? first, int? second, int? both, bool streaming)
    {
        var failure = await TestPipeline
            .Of(Failing(FailureKind.RateLimited, 429, "x", first), Failing(FailureKind.RateLimited, 429, "x", second))
            .AskInVainAsync(streaming);

        Assert.Equal(both is { } seconds ? TimeSpan.FromSeconds(seconds) : null, failure.RetryAfter);
    }

    private static FakeChatClient Failing(FailureKind kind, int status, string message, int? retryAfter = null) =>
        FakeChatClient.Playing(new RouterException(kind, message)
        {
            Status = status,
            RetryAfter = retryAfter is { } seconds ? TimeSpan.FromSeconds(seconds) : null,
        });
}
