using MeaiRouter.Attempts;
using MeaiRouter.Core.Tests.Fakes;
using MeaiRouter.Core.Tests.Health;
using MeaiRouter.Fallback;
using MeaiRouter.Routing;
using Microsoft.Extensions.AI;

namespace MeaiRouter.Core.Tests.Fallback;

public sealed class RetryBudgetTests
{
    private const int PerSecond = 50;

    private readonly ManualTimeProvider _time = new();

    [Fact]
    public void The_defaults_are_a_tenth_of_half_a_minute_and_never_less_than_ten()
    {
        var budget = new RetryBudget();

        Assert.Equal((0.1, 10, TimeSpan.FromSeconds(30)), (budget.Share, budget.Floor, budget.Window));
    }

    [Fact]
    public void It_allows_the_floor_or_the_share_whichever_is_more()
    {
        var budget = new RetryBudget(share: 0.1, floor: 3);

        Assert.Equal(3, Enumerable.Range(0, 10).Count(_ => budget.TryDraw(0)));
        50.Times(() => budget.CountRequest(0));
        Assert.Equal(2, Enumerable.Range(0, 10).Count(_ => budget.TryDraw(0)));
    }

    [Fact]
    public void What_is_past_is_forgotten()
    {
        var budget = new RetryBudget(share: 0.1, floor: 1, TimeSpan.FromSeconds(30));
        100.Times(() => budget.CountRequest(0));
        10.Times(() => budget.Draw(0));
        Assert.False(budget.TryDraw(TimeSpan.FromSeconds(29).Ticks));

        Assert.True(budget.TryDraw(TimeSpan.FromSeconds(30).Ticks));
        Assert.False(budget.TryDraw(TimeSpan.FromSeconds(30).Ticks));
    }

    [Fact]
    public async Task Callers_at_the_same_time_never_draw_more_than_there_is()
    {
        var budget = new RetryBudget(share: 0.1, floor: 0);
        await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Task.Run(() => 1000.Times(() => budget.CountRequest(0)))));

        var drawn = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Task.Run(() => Enumerable.Range(0, 1000).Count(_ => budget.TryDraw(0)))));

        Assert.Equal(800, drawn.Sum());
    }

    [Theory]
    [InlineData(-0.1, 10, 30, "share", "The share of a retry budget must be 0 or more, such as 0.1 for one further attempt in ten requests.")]
    [InlineData(double.NaN, 10, 30, "share", "The share of a retry budget must be 0 or more, such as 0.1 for one further attempt in ten requests.")]
    [InlineData(0.1, -1, 30, "floor", "The floor of a retry budget must be 0 or more attempts.")]
    [InlineData(0.1, 10, 0.5, "window", "The window of a retry budget must be between a second and an hour.")]
    public void What_is_out_of_range_is_named(double share, int floor, double window, string parameter, string message)
    {
        var exception = Assert.Throws<ArgumentOutOfRangeException>(() => new RetryBudget(share, floor, TimeSpan.FromSeconds(window)));

        Assert.Equal(parameter, exception.ParamName);
        Assert.StartsWith(message, exception.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(FailureKind.Unavailable)]
    [InlineData(FailureKind.ServerError)]
    [InlineData(FailureKind.RateLimited)]
    [InlineData(FailureKind.Unauthorized)]
    public async Task While_everybody_is_down_a_request_costs_hardly_more_than_one_attempt(FailureKind kind)
    {
        FakeChatClient[] providers = [Failing(kind), Failing(kind), Failing(kind)];
        var pipeline = TestPipeline.With(_time, providers);

        await SimulateAsync(seconds: 5, () => AskInVain(pipeline));
        var before = providers.Sum(provider => provider.Calls.Count);
        var requests = await SimulateAsync(seconds: 55, () => AskInVain(pipeline));

        var attempts = providers.Sum(provider => provider.Calls.Count) - before;
        Assert.InRange(attempts, requests, 1.1 * requests);
    }

    [Theory]
    [InlineData(FailureKind.Unavailable)]
    [InlineData(FailureKind.ServerError)]
    public async Task The_same_without_a_router(FailureKind kind)
    {
        FakeChatClient[] clients = [Failing(kind), Failing(kind), Failing(kind)];
        var pipeline = new FallbackChatClient(clients[0], clients[1..], null, _time);

        await SimulateAsync(seconds: 5, () => AskInVain(pipeline));
        var before = clients.Sum(client => client.Calls.Count);
        var requests = await SimulateAsync(seconds: 55, () => AskInVain(pipeline));

        Assert.InRange(clients.Sum(client => client.Calls.Count) - before, requests, 1.1 * requests);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task While_one_is_down_and_another_is_not_no_caller_sees_an_error(bool isStandalone)
    {
        var (dead, healthy) = (Failing(FailureKind.Unavailable), FakeChatClient.Answering("Hello"));
        var pipeline = isStandalone ? new FallbackChatClient(dead, [healthy], null, _time) : TestPipeline.With(_time, dead, healthy);

        var requests = await SimulateAsync(seconds: 60, async () => Assert.Equal("Hello", (await pipeline.AskAsync(streaming: true)).Text));

        Assert.Equal(3000, requests);
        Assert.Equal(requests, healthy.Calls.Count);
        Assert.InRange(dead.Calls.Count, 3, 15);
    }

    [Fact]
    public async Task An_order_of_the_callers_own_is_kept_to_and_still_nobody_sees_an_error()
    {
        var pipeline = TestPipeline.With(_time, Failing(FailureKind.Unavailable), FakeChatClient.Answering("Hello"));

        await SimulateAsync(seconds: 20, async () => Assert.Equal(
            "Hello", (await pipeline.AskAsync(streaming: false, new ChatOptions().WithRouting(new RoutingPreferences { Order = ["a", "b"] }))).Text));
    }

    [Fact]
    public async Task Whoever_is_not_asked_because_the_budget_is_used_up_is_named_with_the_reason()
    {
        var options = new FallbackOptions { RetryBudget = new RetryBudget(share: 0, floor: 0) };
        var pipeline = new ContextSpy(TestPipeline.With(options, _time, null, Failing(FailureKind.Unavailable), Failing(FailureKind.Unavailable)));
        for (var i = 0; i < 3; i++)
            await pipeline.AskInVainAsync(streaming: false, new ChatOptions().WithRouting(new RoutingPreferences { Only = ["b"] }));

        var failure = await pipeline.AskInVainAsync(streaming: false);

        Assert.Equal(["a Failed Unavailable"], failure.Attempts.Told());
        Assert.Equal(
            ["failed, Unavailable: Broken.", "not tried, it rests for another 5 s, and the retry budget is used up"],
            pipeline.Seen!.ToTrace().Candidates.Select(candidate => candidate.Fate));
    }

    [Fact]
    public async Task Where_all_rest_the_one_that_recovers_soonest_is_asked_once()
    {
        FakeChatClient[] providers = [Failing(FailureKind.Unavailable), Failing(FailureKind.Unavailable)];
        var pipeline = new ContextSpy(TestPipeline.With(_time, providers));
        foreach (var provider in (string[])["b", "a"])
        {
            for (var i = 0; i < 3; i++)
                await pipeline.AskInVainAsync(streaming: false, new ChatOptions().WithRouting(new RoutingPreferences { Only = [provider] }));
            _time.Advance(TimeSpan.FromSeconds(1));
        }

        var failure = await pipeline.AskInVainAsync(streaming: false);

        Assert.Equal(["b Failed Unavailable"], failure.Attempts.Told());
        Assert.Equal(
            ["b failed, Unavailable: Broken.", "a not tried, it rests for another 4 s"],
            pipeline.Seen!.ToTrace().Candidates.Select(candidate => $"{candidate.Candidate.Endpoint.Provider} {candidate.Fate}"));
    }

    [Fact]
    public async Task One_budget_may_serve_several_clients()
    {
        var options = new FallbackOptions { RetryBudget = new RetryBudget(share: 0, floor: 1) };
        var (first, second) = (Failing(FailureKind.ServerError), Failing(FailureKind.ServerError));

        await _time.Until(new FallbackChatClient(first, options, _time).AskInVainAsync(streaming: false));
        await new FallbackChatClient(second, options, _time).AskInVainAsync(streaming: false);

        Assert.Equal((2, 1), (first.Calls.Count, second.Calls.Count));
    }

    private static FakeChatClient Failing(FailureKind kind) => FakeChatClient.Playing(new RouterException(kind, "Broken."));

    private static Task AskInVain(IChatClient pipeline) => pipeline.AskInVainAsync(streaming: false);

    /// <summary>Asks at an even pace, and says how often.</summary>
    private async Task<int> SimulateAsync(int seconds, Func<Task> ask)
    {
        for (var i = 0; i < seconds * PerSecond; i++)
        {
            await _time.Until(ask());
            _time.Advance(TimeSpan.FromSeconds(1.0 / PerSecond));
        }

        return seconds * PerSecond;
    }

    /// <summary>An outermost layer of somebody's that keeps what the layers share.</summary>
    private sealed class ContextSpy(IChatClient inner) : DelegatingChatClient(inner)
    {
        public RouteContext? Seen { get; private set; }

        public override Task<ChatResponse> GetResponseAsync(
            IEnumerable<ChatMessage> messages, ChatOptions? options = null, CancellationToken cancellationToken = default)
        {
            Seen = new RouteContext(options);
            return base.GetResponseAsync(messages, Seen.AttachTo(options), cancellationToken);
        }
    }
}
