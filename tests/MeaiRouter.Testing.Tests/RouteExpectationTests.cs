using MeaiRouter.Attempts;
using MeaiRouter.Catalog;
using MeaiRouter.Costs;
using MeaiRouter.Endpoints;
using MeaiRouter.Fallback;
using MeaiRouter.Pricing;
using MeaiRouter.Routing;
using Microsoft.Extensions.AI;

namespace MeaiRouter.Testing.Tests;

public sealed class RouteExpectationTests : IDisposable
{
    private static readonly ChatOptions Small = new() { ModelId = "acme/small" };

    private readonly VirtualTime _time = new();
    private readonly ScriptedChatClient _cheap;
    private readonly ScriptedChatClient _dear;
    private readonly CostTrackingChatClient _pipeline;

    public RouteExpectationTests()
    {
        _cheap = new ScriptedChatClient("cheap", _time);
        _dear = new ScriptedChatClient("dear", _time);
        var catalog = new ModelCatalog([new Model("acme/small")
        {
            Endpoints =
            [
                new ModelEndpoint("cheap", "small-v1") { Price = Price.PerMillion(prompt: 1, completion: 2) },
                new ModelEndpoint("dear", "small-v1") { Price = Price.PerMillion(prompt: 10, completion: 20) },
            ],
        }]);
        var endpoints = new EndpointChatClient(new Dictionary<string, IChatClient> { ["cheap"] = _cheap, ["dear"] = _dear });
        _pipeline = new CostTrackingChatClient(
            new RouterChatClient(
                new FallbackChatClient(endpoints, timeProvider: _time), catalog, new RoutingOptions { Strategy = RoutingStrategies.Price }, _time),
            timeProvider: _time);
    }

    public void Dispose() => _pipeline.Dispose();

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task What_happened_is_what_is_expected(bool streaming)
    {
        _cheap.Fails(FailureKind.Unavailable);
        _dear.Answers("Hello, world", inputTokens: 1_000, outputTokens: 500);

        var route = await RouteAsync(streaming, Small);

        route.AnsweredBy("dear").AnsweredBy("DEAR")
            .Attempted(ExpectedAttempt.Failed("cheap", FailureKind.Unavailable), ExpectedAttempt.Answered("dear"))
            .Attempted(ExpectedAttempt.Failed("cheap"), ExpectedAttempt.Answered("dear"))
            .Planned("cheap", "dear").NeverAsked("other").Cost(0.02m).CostAtMost(0.02m).Continued(0);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Every_expectation_that_does_not_hold_says_what_happened_instead_and_the_whole_route(bool streaming)
    {
        _cheap.Fails(FailureKind.Unavailable);
        _dear.Answers("Hello, world", inputTokens: 1_000, outputTokens: 500);

        var route = await RouteAsync(streaming, Small);

        AssertFails(() => route.AnsweredBy("cheap"), "Expected an answer of cheap, found that of dear.");
        AssertFails(
            () => route.Attempted(ExpectedAttempt.Answered("dear")),
            "Expected the attempts [dear Answered], found [cheap Failed (Unavailable), dear Answered].");
        AssertFails(
            () => route.Attempted(ExpectedAttempt.Failed("cheap", FailureKind.RateLimited), ExpectedAttempt.Answered("dear")),
            "Expected the attempts [cheap Failed (RateLimited), dear Answered], found [cheap Failed (Unavailable), dear Answered].");
        AssertFails(() => route.Planned("dear", "cheap"), "Expected the plan [dear, cheap], found [cheap, dear].");
        AssertFails(() => route.NeverAsked("cheap"), "Expected no call of cheap, found [cheap Failed (Unavailable), dear Answered].");
        AssertFails(() => route.Excluded("dear"), "Expected dear to be left out, found [].");
        AssertFails(() => route.Cost(0.03m), "Expected a cost of $0.03, found $0.02.");
        AssertFails(() => route.CostAtMost(0.01m), "Expected a cost of at most $0.01, found $0.02.");
        AssertFails(() => route.Unpriced(), "Expected no price, found $0.02.");
        AssertFails(() => route.FromCache(), "Expected an answer from a cache, found one that was made anew.");
        AssertFails(() => route.Continued(), "Expected 1 seams, found 0.");
        AssertFails(() => route.Noted("tools"), "Expected a note with 'tools', found [].");

        static void AssertFails(Func<object> expectation, string expected)
        {
            var message = Assert.Throws<RouteExpectationException>(expectation).Message;
            Assert.StartsWith(expected + Environment.NewLine, message);
            Assert.Contains("cheap/small-v1", message);
            Assert.Contains("dear/small-v1", message);
        }
    }

    [Fact]
    public async Task What_is_left_out_is_expected_with_its_rule()
    {
        _cheap.Answers("Hello").Always();
        var options = Small.Clone().WithRouting(new RoutingPreferences { Ignore = ["dear"] });

        var route = await RouteAsync(false, options);

        route.Planned("cheap").Excluded("dear").Excluded("dear", "ignore");
        Assert.StartsWith(
            "Expected dear to be left out by max_price, found [dear by ignore].",
            Assert.Throws<RouteExpectationException>(() => route.Excluded("dear", "max_price")).Message);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_request_that_nobody_answered_has_a_route_too(bool streaming)
    {
        _cheap.Fails(FailureKind.Unavailable).Always();
        _dear.Fails(FailureKind.Overloaded).Always();

        var failure = await Assert.ThrowsAsync<RouterException>(() => RouteAsync(streaming, Small));

        failure.ExpectRoute().Planned("cheap", "dear")
            .Attempted(ExpectedAttempt.Failed("cheap", FailureKind.Unavailable), ExpectedAttempt.Failed("dear", FailureKind.Overloaded));
        Assert.Throws<RouteExpectationException>(() => failure.ExpectRoute().AnsweredBy("dear"));
    }

    [Fact]
    public async Task What_nobody_prices_is_unpriced()
    {
        _cheap.Answers("Hello", 1, 1);
        using var client = new FallbackChatClient(_cheap, [_dear]);

        (await client.GetResponseAsync("Hi")).ExpectRoute().AnsweredBy("cheap").Unpriced();
    }

    [Fact]
    public async Task An_answer_without_a_route_says_what_is_missing()
    {
        var response = await new ScriptedChatClient("bare").Answers("Hello").GetResponseAsync("Hi");

        Assert.Contains("is there a layer of MeaiRouter", Assert.Throws<RouteExpectationException>(() => response.ExpectRoute()).Message);
        Assert.Throws<RouteExpectationException>(() => Array.Empty<ChatResponseUpdate>().ExpectRoute());
    }

    [Fact]
    public async Task A_silent_endpoint_is_overtaken_in_no_time_at_all()
    {
        _cheap.Answers("Too late").After(Timeout.InfiniteTimeSpan);
        _dear.Answers("Hello, world");

        var asking = RouteAsync(true, Small);
        await _time.WaitForTimerAsync(TimeSpan.FromSeconds(10)).WaitAsync(TimeSpan.FromSeconds(20));
        _time.Advance(TimeSpan.FromSeconds(10));

        (await asking.WaitAsync(TimeSpan.FromSeconds(20))).AnsweredBy("dear").Attempted(ExpectedAttempt.Failed("cheap", FailureKind.Timeout), ExpectedAttempt.Answered("dear"));
    }

    private async Task<RouteExpectation> RouteAsync(bool streaming, ChatOptions options) => streaming
        ? (await _pipeline.GetStreamingResponseAsync("Hi", options).ToListAsync()).ExpectRoute()
        : (await _pipeline.GetResponseAsync("Hi", options)).ExpectRoute();
}
