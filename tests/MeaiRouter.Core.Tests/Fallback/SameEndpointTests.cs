using MeaiRouter.Attempts;
using MeaiRouter.Catalog;
using MeaiRouter.Core.Tests.Fakes;
using MeaiRouter.Fallback;
using MeaiRouter.Routing;
using Microsoft.Extensions.AI;

namespace MeaiRouter.Core.Tests.Fallback;

/// <summary>When an endpoint that failed is tried again, and how long is waited before.</summary>
public sealed class SameEndpointTests
{
    private static readonly Step[] Hello = FakeChatClient.Answer("Hello");

    private readonly ManualTimeProvider _time = new();

    [Theory]
    [InlineData(FailureKind.ServerError, false)]
    [InlineData(FailureKind.ServerError, true)]
    [InlineData(FailureKind.ConnectionFailed, false)]
    [InlineData(FailureKind.ConnectionFailed, true)]
    public async Task A_stumble_is_forgiven_once_after_a_moment_that_the_seed_decides(FailureKind kind, bool streaming)
    {
        var (stumbling, unused) = (new FakeChatClient([Failure(kind)], Hello), FakeChatClient.Answering("Not asked."));

        var response = await _time.Until(TestPipeline.With(_time, stumbling, unused).AskAsync(streaming));

        Assert.Equal("Hello", response.Text);
        Assert.Equal([$"a Failed {kind}", "a Answered"], response.Trace().Attempts.Told());
        Assert.Equal([TimeSpan.Zero, new SeededRandom(7).NextDouble() * TimeSpan.FromMilliseconds(250)], response.Trace().Attempts.Select(a => a.Backoff));
        Assert.Empty(unused.Calls);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task An_endpoint_is_not_tried_again_with_an_attempt_that_another_could_use(bool streaming)
    {
        FakeChatClient[] providers = [new([Failure(FailureKind.ServerError)], Hello), Down(), FakeChatClient.Answering("From the third.")];

        var response = await TestPipeline.With(_time, providers).AskAsync(streaming);

        Assert.Equal("From the third.", response.Text);
        Assert.Equal(["a Failed ServerError", "b Failed Unavailable", "c Answered"], response.Trace().Attempts.Told());
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task An_endpoint_that_is_the_only_one_is_tried_again_and_then_given_up(bool streaming)
    {
        var failure = await _time.Until(TestPipeline.With(_time, FakeChatClient.Playing(Failure(FailureKind.ServerError))).AskInVainAsync(streaming));

        Assert.Equal(FailureKind.ServerError, failure.Kind);
        Assert.Equal(["a Failed ServerError", "a Failed ServerError"], failure.Attempts.Told());
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_single_attempt_stays_a_single_attempt(bool streaming)
    {
        var options = new FallbackOptions { MaxAttempts = 1 };

        var failure = await TestPipeline.With(options, _time, null, FakeChatClient.Playing(Failure(FailureKind.ServerError))).AskInVainAsync(streaming);

        Assert.Single(failure.Attempts);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_short_time_that_the_provider_names_is_waited_for_once_to_the_instant(bool streaming)
    {
        var limit = TimeSpan.FromSeconds(2);
        var (limited, next) = (FakeChatClient.Playing(Failure(FailureKind.RateLimited, limit)), FakeChatClient.Answering("Hello"));

        var asked = TestPipeline.With(_time, limited, next).AskAsync(streaming);
        await _time.ArmedAsync(limit);
        _time.Advance(limit);
        var response = await asked;

        Assert.Equal("Hello", response.Text);
        Assert.Equal(["a Failed RateLimited", "a Failed RateLimited", "b Answered"], response.Trace().Attempts.Told());
        Assert.Equal([TimeSpan.Zero, limit, TimeSpan.Zero], response.Trace().Attempts.Select(attempt => attempt.Backoff));
        Assert.Equal(limit, response.Trace().Attempts[1].StartedAt - response.Trace().Attempts[0].StartedAt);
    }

    [Theory]
    [InlineData(2.001, 600, false)]
    [InlineData(2.001, 600, true)]
    [InlineData(1.5, 1.5, false)]
    [InlineData(1.5, 1.5, true)]
    public async Task A_time_that_is_long_or_past_the_deadline_is_not_waited_for(double retryAfter, double total, bool streaming)
    {
        var options = new FallbackOptions { Total = TimeSpan.FromSeconds(total) };
        var limited = FakeChatClient.Playing(Failure(FailureKind.RateLimited, TimeSpan.FromSeconds(retryAfter)));

        var response = await TestPipeline.With(options, _time, null, limited, FakeChatClient.Answering("Hello")).AskAsync(streaming);

        Assert.Equal(["a Failed RateLimited", "b Answered"], response.Trace().Attempts.Told());
    }

    [Fact]
    public async Task The_callers_cancellation_ends_the_wait_at_once()
    {
        using var caller = new CancellationTokenSource();
        var limited = FakeChatClient.Playing(Failure(FailureKind.RateLimited, TimeSpan.FromSeconds(1)));

        var asked = TestPipeline.With(_time, limited).AskAsync(streaming: false, token: caller.Token);
        await _time.ArmedAsync(TimeSpan.FromSeconds(1));
        await caller.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => asked);
        Assert.Single(limited.Calls);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_pipeline_used_as_a_client_is_not_made_to_repeat_its_own_attempts(bool streaming)
    {
        var inner = FakeChatClient.Playing(Failure(FailureKind.ServerError));
        var fallback = new FallbackChatClient(TestPipeline.With(new FallbackOptions { MaxAttempts = 1 }, _time, null, inner), [FakeChatClient.Answering("Hello")], null, _time);

        Assert.Equal("Hello", (await fallback.AskAsync(streaming, new ChatOptions { ModelId = TestPipeline.ModelId })).Text);
        Assert.Single(inner.Calls);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Those_that_share_a_quota_with_one_that_was_limited_come_last_and_the_trace_says_why(bool streaming)
    {
        static ModelEndpoint At(string provider, string? quota) => new(provider, "m") { QuotaDomain = quota };
        FakeChatClient[] providers =
            [FakeChatClient.Playing(Failure(FailureKind.RateLimited)), FakeChatClient.Answering("shared"), FakeChatClient.Answering("apart")];
        var catalog = new ModelCatalog([new Model("m") { Endpoints = [At("a", "q"), At("b", "q"), At("c", null)] }]);
        var fallback = new FallbackChatClient(TestPipeline.Endpoint(providers), null, _time);

        var response = await new RouterChatClient(fallback, catalog, new() { Strategy = new CheapestFirst() }, _time).AskAsync(streaming, new() { ModelId = "m" });

        Assert.Equal("apart", response.Text);
        Assert.Equal(
            ["failed, RateLimited: Broken.", "not tried, it shares its quota with one that was limited", "answered"],
            response.Trace().Candidates.Select(candidate => candidate.Fate));
    }

    private static RouterException Failure(FailureKind kind, TimeSpan? retryAfter = null) => new(kind, "Broken.") { RetryAfter = retryAfter };

    private static FakeChatClient Down() => FakeChatClient.Playing(Failure(FailureKind.Unavailable));
}
