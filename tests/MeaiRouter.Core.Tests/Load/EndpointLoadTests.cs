using System.Text.Json;
using MeaiRouter.Attempts;
using MeaiRouter.Catalog;
using MeaiRouter.Core.Tests.Fakes;
using MeaiRouter.Costs;
using MeaiRouter.Fallback;
using MeaiRouter.Load;
using MeaiRouter.Pricing;
using MeaiRouter.Routing;
using Microsoft.Extensions.AI;

namespace MeaiRouter.Core.Tests.Load;

/// <summary>The limit of an endpoint as requests of the whole pipeline meet it.</summary>
public sealed class EndpointLoadTests
{
    private static readonly TimeSpan Seven = TimeSpan.FromSeconds(7);

    private readonly ManualTimeProvider _time = new();
    private readonly TaskCompletionSource _gate = new(TaskCreationOptions.RunContinuationsAsynchronously);

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_request_waits_for_room_and_its_wait_counts_neither_for_the_call_nor_for_its_deadline(bool streaming)
    {
        var provider = new FakeChatClient([_gate.Task, .. FakeChatClient.Answer("first")], FakeChatClient.Answer("second"));
        var pipeline = Limited(new FallbackOptions { FirstContent = TimeSpan.FromSeconds(10), WholeAnswer = TimeSpan.FromSeconds(10) }, 1, provider);

        var first = pipeline.AskAsync(streaming);
        await provider.CalledAsync();
        var second = pipeline.AskAsync(streaming);
        await _time.ArmedAsync(TimeSpan.FromSeconds(30));
        _time.Advance(Seven);
        _gate.SetResult();

        Assert.Equal(("first", "second"), ((await first).Text, (await second).Text));
        var waited = Assert.Single((await second).Trace().Attempts);
        Assert.Equal(
            (Seven, TimeSpan.Zero, TimeSpan.Zero, AttemptOutcome.Answered, new DateTimeOffset(2026, 1, 1, 0, 0, 7, TimeSpan.Zero)),
            (waited.QueueWait, waited.Duration, waited.TimeToFirstContent!.Value, waited.Outcome, waited.StartedAt));
        Assert.Equal((TimeSpan.Zero, Seven), ((await first).Trace().Attempts[0].QueueWait, (await first).Trace().Attempts[0].Duration));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task The_soft_deadline_begins_with_the_call_rather_than_with_the_wait(bool streaming)
    {
        var silent = new FakeChatClient([_gate.Task, .. FakeChatClient.Answer("first")], [Step.Silence]);
        var options = new FallbackOptions { FirstContent = TimeSpan.FromSeconds(10), WholeAnswer = TimeSpan.FromSeconds(10) };
        var blocked = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var other = new FakeChatClient([blocked.Task, .. FakeChatClient.Answer("blocker")], FakeChatClient.Answer("other"));
        var pipeline = Limited(options, 1, silent, other);
        var first = pipeline.AskAsync(streaming);
        await silent.CalledAsync();

        // The other one is full as well, or the request would go there.
        var blocker = pipeline.AskAsync(streaming);
        await other.CalledAsync();
        var second = pipeline.AskAsync(streaming);
        await _time.ArmedAsync(TimeSpan.FromSeconds(30));
        _time.Advance(Seven);
        _gate.SetResult();
        await first;
        await silent.CalledAsync();
        blocked.SetResult();
        Assert.Equal("blocker", (await blocker).Text);
        _time.Advance(Seven);
        Assert.False(second.IsCompleted, "The wait was counted as silence.");
        Assert.Single(other.Calls);
        await _time.ArmedAsync(TimeSpan.FromSeconds(3));
        _time.Advance(TimeSpan.FromSeconds(3));

        Assert.Equal(["a Failed Timeout", "b Answered"], (await second).Trace().Attempts.Told());
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_full_endpoint_is_passed_over_while_another_has_room(bool streaming)
    {
        var (busy, other) = (new FakeChatClient([_gate.Task, .. FakeChatClient.Answer("first")]), FakeChatClient.Answering("other"));
        var pipeline = Limited(new FallbackOptions(), 1, busy, other);
        var first = pipeline.AskAsync(streaming);
        await busy.CalledAsync();

        var second = await pipeline.AskAsync(streaming);

        _gate.SetResult();
        await first;
        Assert.Equal(["b Answered"], second.Trace().Attempts.Told());
        Assert.Equal(
            ["not tried, it was at its limit of requests at once", "answered"], second.Trace().Candidates.Select(candidate => candidate.Fate));
        Assert.Single(busy.Calls);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task With_no_place_in_line_the_next_endpoint_answers_and_nothing_is_held_against_the_full_one(bool streaming)
    {
        var (busy, other) = (new FakeChatClient([_gate.Task, .. FakeChatClient.Answer("first")]), FakeChatClient.Answering("other"));
        var options = new FallbackOptions { Load = new() { QueueLimit = 0 } };
        var routing = TestPipeline.Routing;
        var pipeline = Limited(options, 1, routing, busy, other);
        var first = pipeline.AskAsync(streaming);
        await busy.CalledAsync();

        var second = await pipeline.AskAsync(streaming);

        _gate.SetResult();
        await first;
        Assert.Equal("other", second.Text);
        Assert.Single(busy.Calls);
        var health = routing.Health.For(Model(1, 1), Model(1, 1).Endpoints[0]).Snapshot();
        Assert.Equal((1L, 0L, 0), (health.Answered, health.Failed, health.InFlight));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Where_every_endpoint_is_full_the_failure_says_what_is_full_and_when_to_return(bool streaming)
    {
        var busy = new FakeChatClient([_gate.Task, .. FakeChatClient.Answer("first")]);
        var pipeline = Limited(new FallbackOptions { Load = new() { QueueLimit = 0 } }, 1, busy);
        var first = pipeline.AskAsync(streaming);
        await busy.CalledAsync();

        var failure = await pipeline.AskInVainAsync(streaming);

        _gate.SetResult();
        await first;
        Assert.Equal(
            (FailureKind.Saturated,
                "a/large-a: There is no place in line: all 1 permits of 'a/large-a' are in use and 0 requests wait, of at most 0. " +
                "Try again later, raise MaxConcurrency or QueueLimit, or add another endpoint.",
                TimeSpan.FromSeconds(1)),
            (failure.Kind, failure.Message, failure.RetryAfter!.Value));
        Assert.Equal((NanoUsd.Zero, false), (failure.Attempts[0].Cost, failure.Attempts[0].Usage.HasValue));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_cancelled_wait_calls_nobody_costs_nothing_and_leaves_the_line(bool streaming)
    {
        var busy = new FakeChatClient([_gate.Task, .. FakeChatClient.Answer("first")], FakeChatClient.Answer("third"));
        var ledger = new InMemoryLedger();
        var pipeline = Limited(new FallbackOptions(), 1, TestPipeline.Routing, ledger, busy);
        var first = pipeline.AskAsync(streaming);
        await busy.CalledAsync();
        using var cancellation = new CancellationTokenSource();
        var second = pipeline.AskAsync(streaming, token: cancellation.Token);
        await _time.ArmedAsync(TimeSpan.FromSeconds(30));

        await cancellation.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => second);
        _gate.SetResult();
        await first;
        Assert.Equal("third", (await pipeline.AskAsync(streaming)).Text);
        Assert.Equal(2, busy.Calls.Count);
        var cancelled = Assert.Single(ledger.Records, record => record.Attempts[0].Outcome == AttemptOutcome.Cancelled);
        Assert.Equal(NanoUsd.Zero, cancelled.Cost);
    }

    [Fact]
    public async Task A_reader_who_stops_half_way_gives_the_room_back()
    {
        var provider = FakeChatClient.Answering("Hello");
        var pipeline = Limited(new FallbackOptions { Load = new() { QueueLimit = 0 } }, 1, provider);

        for (var i = 0; i < 3; i++)
        {
            await foreach (var update in pipeline.GetStreamingResponseAsync("Hi"))
            {
                if (update.Text.Length > 0)
                    break;
            }
        }

        Assert.Equal("Hello", (await pipeline.AskAsync(streaming: true)).Text);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_limit_on_a_provider_holds_for_all_its_endpoints_together(bool streaming)
    {
        var provider = new FakeChatClient([_gate.Task, .. FakeChatClient.Answer("first")], FakeChatClient.Answer("second"));
        var options = new FallbackOptions { Load = new() { Providers = new Dictionary<string, ConcurrencyLimit> { ["A"] = new(1, 0) } } };
        var catalog = new ModelCatalog([
            new Model("m") { Endpoints = [new ModelEndpoint("a", "m1") { MaxConcurrency = 5 }] },
            new Model("n") { Endpoints = [new ModelEndpoint("a", "n1")] },
        ]);
        var pipeline = new RouterChatClient(
            new FallbackChatClient(TestPipeline.Endpoint(provider), options, _time), catalog, new() { Strategy = new CheapestFirst() });
        var first = pipeline.AskAsync(streaming, new() { ModelId = "m" });
        await provider.CalledAsync();

        var failure = await pipeline.AskInVainAsync(streaming, new() { ModelId = "n" });
        _gate.SetResult();
        await first;

        Assert.Equal(FailureKind.Saturated, failure.Kind);
        Assert.StartsWith("a/n1: There is no place in line: all 1 permits of the provider 'a' are in use", failure.Message, StringComparison.Ordinal);
        Assert.Equal("second", (await pipeline.AskAsync(streaming, new() { ModelId = "m" })).Text);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Without_a_catalogue_the_limit_holds_for_each_client(bool streaming)
    {
        var primary = new FakeChatClient([_gate.Task, .. FakeChatClient.Answer("first")]);
        var client = new FallbackChatClient(
            primary, [FakeChatClient.Answering("backup")], new() { Load = new() { MaxConcurrency = 1, QueueLimit = 0 } }, _time);
        var first = client.AskAsync(streaming);
        await primary.CalledAsync();

        var second = await client.AskAsync(streaming);

        _gate.SetResult();
        Assert.Equal(("backup", "first"), (second.Text, (await first).Text));
    }

    [Fact]
    public void A_limit_on_a_provider_that_serves_nothing_is_refused_when_the_pipeline_is_built()
    {
        var options = new FallbackOptions { Load = new() { Providers = new Dictionary<string, ConcurrencyLimit> { ["acne"] = new(1) } } };
        var fallback = new FallbackChatClient(new FakeChatClient(), options);
        var catalog = new ModelCatalog([new Model("m") { Endpoints = [new ModelEndpoint("acme", "m")] }]);

        var error = Assert.Throws<ArgumentException>(() => new RouterChatClient(fallback, catalog));

        Assert.Equal("Load.Providers limits 'acne', which is no provider of the pipeline. Did you mean 'acme'?", error.Message);
    }

    [Fact]
    public void Limits_out_of_range_are_refused_all_at_once()
    {
        var options = new FallbackOptions
        {
            Load = new()
            {
                MaxConcurrency = 0, QueueLimit = -1, MaxWait = TimeSpan.Zero,
                Providers = new Dictionary<string, ConcurrencyLimit> { ["a"] = new(0, -1), ["A"] = new(1) },
            },
        };

        var error = Assert.Throws<ArgumentException>(() => new FallbackChatClient(new FakeChatClient(), options));

        Assert.Equal(
            "Load.MaxConcurrency is 0; it must be at least 1, or null for no limit. Load.QueueLimit is -1; it must be at least 0. " +
            "Load.MaxWait is 00:00:00; it must be positive, or infinite. Load.Providers[\"a\"].MaxConcurrency is 0; it must be at least 1. " +
            "Load.Providers[\"a\"].QueueLimit is -1; it must be at least 0. Load.Providers holds 'A' twice, in different capitals. Remove one.",
            error.Message);
        Assert.Throws<ArgumentOutOfRangeException>(() => new ModelEndpoint("a", "m") { MaxConcurrency = 0 });
        Assert.Throws<ArgumentOutOfRangeException>(() => new ModelEndpoint("a", "m") { QueueLimit = -1 });
        Assert.Throws<ArgumentOutOfRangeException>(() => new ChatOptions().WithPriority((RequestPriority)7));
        Assert.Throws<ArgumentException>(() => new ChatOptions().WithCaller(" "));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Neither_caller_nor_priority_reaches_the_provider(bool streaming)
    {
        var provider = FakeChatClient.Answering("Hello");

        await TestPipeline.Of(provider).AskAsync(streaming, new ChatOptions().WithCaller("team-a").WithPriority(RequestPriority.High));

        Assert.Null(provider.Call.Options!.AdditionalProperties);
    }

    /// <summary>Callers who cancel, stop reading, meet failures or are overtaken: whatever happens, every permit comes back exactly once.</summary>
    [Fact]
    public async Task Thousands_of_requests_that_end_in_every_way_leave_nothing_in_flight()
    {
        var random = new Random(7);
        var calm = false;
        var fault = new Step(async _ =>
        {
            await Task.Yield();
            return Volatile.Read(ref calm) ? null : throw new HttpRequestException("Reset.");
        });
        FakeChatClient[] providers = [.. Enumerable.Range(0, 3).Select(_ => new FakeChatClient([.. Enumerable.Range(0, 700).Select(_ => Script(random, fault))]))];
        var routing = TestPipeline.Routing;
        var options = new FallbackOptions { Load = new() { QueueLimit = 200, MaxWait = Timeout.InfiniteTimeSpan } };
        var board = new FallbackChatClient(TestPipeline.Endpoint(providers), options, TimeProvider.System);
        var pipeline = new RouterChatClient(board, new ModelCatalog([Model(3, 5)]), routing);
        var plans = Enumerable.Range(0, 2000).Select(_ => (Streaming: random.Next(2) == 0, Way: random.Next(4), After: random.Next(50))).ToArray();

        var endings = await Task.WhenAll(plans.Select(plan => Task.Run(async () =>
        {
            using var cancellation = new CancellationTokenSource();
            var options = new ChatOptions().WithCaller($"c{plan.After % 7}").WithPriority((RequestPriority)(plan.After % 3 - 1));
            if (plan.Way == 0)
            {
                _ = Task.Run(async () =>
                {
                    for (var i = 0; i < plan.After; i++)
                        await Task.Yield();
                    await cancellation.CancelAsync();
                });
            }

            try
            {
                if (plan.Way != 1)
                    return (await pipeline.AskAsync(plan.Streaming, options, cancellation.Token)).Text.Length > 0 ? "answered" : "empty";

                await foreach (var update in pipeline.GetStreamingResponseAsync("Hi", options, cancellation.Token))
                {
                    if (update.Text.Length > 0)
                        break;
                }

                return "stopped";
            }
            catch (OperationCanceledException)
            {
                return "cancelled";
            }
            catch (ObjectDisposedException)
            {
                return "cancelled";
            }
            catch (RouterException)
            {
                return "failed";
            }
        }))).Soon();

        Assert.Equal(["answered", "cancelled", "failed", "stopped"], endings.Distinct().Order(StringComparer.Ordinal));
        foreach (var endpoint in Model(3, 5).Endpoints)
            Assert.Equal(0, routing.Health.For(Model(3, 5), endpoint).InFlight);

        Volatile.Write(ref calm, true);

        // All five places of each endpoint are free again: five at once find room, without a line.
        var last = await Task.WhenAll(Enumerable.Range(0, 5).Select(_ => pipeline.AskAsync(streaming: true, new ChatOptions().WithRouteSeed(1)))).Soon();
        Assert.All(last, response => Assert.All(response.Trace().Attempts, attempt => Assert.Equal(TimeSpan.Zero, attempt.QueueWait)));
    }

    private static Step[] Script(Random random, Step fault) => random.Next(5) switch
    {
        0 => [fault, .. FakeChatClient.Answer("Hello")],
        1 => ["Oh. ", fault, .. FakeChatClient.Answer("Hello")],
        2 => [Task.Delay(random.Next(3)), .. FakeChatClient.Answer("Hello")],
        _ => FakeChatClient.Answer("Hello"),
    };

    private static Model Model(int endpoints, int limit)
    {
        var model = TestPipeline.Model(endpoints);
        return new Model(model.Id) { Endpoints = [.. model.Endpoints.Select(endpoint => endpoint with { MaxConcurrency = limit })] };
    }

    private CostTrackingChatClient Limited(FallbackOptions options, int limit, params FakeChatClient[] providers) =>
        Limited(options, limit, TestPipeline.Routing, providers);

    private CostTrackingChatClient Limited(FallbackOptions options, int limit, RoutingOptions routing, params FakeChatClient[] providers) =>
        Limited(options, limit, routing, null, providers);

    private CostTrackingChatClient Limited(FallbackOptions options, int limit, RoutingOptions routing, ILedger? ledger, params FakeChatClient[] providers) =>
        new CostTrackingChatClient(
            new RouterChatClient(
                new FallbackChatClient(TestPipeline.Endpoint(providers), options, _time), new ModelCatalog([Model(providers.Length, limit)]), routing, _time),
            ledger, null, _time);
}
