using System.Diagnostics.Metrics;
using MeaiRouter.Core.Tests.Fakes;
using MeaiRouter.Routing;
using MeaiRouter.Testing;
using Microsoft.Extensions.AI;

namespace MeaiRouter.OpenTelemetry.Tests;

public sealed class MetricTests
{
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_request_with_a_failover_is_measured_once_in_each_metric(bool streaming)
    {
        using var exported = new Exported();
        await using var router = await Router.StartAsync(Fault.RateLimited(), Router.Answer, """{ "Budgets": [ { "Scope": "global", "LimitUsd": 1, "Window": "monthly" } ] }""");

        await router.AskAsync(streaming);

        const string Acme = "gen_ai.operation.name=chat gen_ai.provider.name=acme gen_ai.request.model=acme/large";
        const string Xai = "gen_ai.operation.name=chat gen_ai.provider.name=x_ai gen_ai.request.model=acme/large";
        const string XaiTokens = "meairouter.tokens gen_ai.provider.name=x_ai gen_ai.request.model=acme/large meairouter.token.bucket=";
        const string Monthly = "meairouter.budget.scope=global meairouter.budget.window=monthly";
        string[] expected =
        [
            $"meairouter.attempt.duration error.type=rate_limit_exceeded {Acme} meairouter.attempt.outcome=failed 1",
            $"meairouter.attempt.duration {Xai} meairouter.attempt.outcome=answered 1",
            $"meairouter.attempts error.type=rate_limit_exceeded {Acme} meairouter.attempt.outcome=failed meairouter.attempt.reason=first 1",
            $"meairouter.attempts {Xai} meairouter.attempt.outcome=answered meairouter.attempt.reason=fallback 1",
            $"meairouter.budget.limit {Monthly} 1000000000",
            $"meairouter.budget.reserved {Monthly} 0",
            $"meairouter.budget.spent {Monthly} 4000000",
            "meairouter.cost gen_ai.provider.name=acme gen_ai.request.model=acme/large meairouter.attempt.outcome=failed meairouter.cost.source=local 0",
            "meairouter.cost gen_ai.provider.name=x_ai gen_ai.request.model=acme/large meairouter.attempt.outcome=answered meairouter.cost.source=local 4000000",
            "meairouter.endpoint.health gen_ai.provider.name=acme gen_ai.request.model=acme/large meairouter.endpoint=acme 0",
            "meairouter.endpoint.health gen_ai.provider.name=x_ai gen_ai.request.model=acme/large meairouter.endpoint=xai 2",
            "meairouter.failovers error.type=rate_limit_exceeded meairouter.failure.kind=rate_limited meairouter.from=acme meairouter.to=x_ai 1",
            $"meairouter.request.duration {Xai} meairouter.request.outcome=answered 1",
            $"{XaiTokens}cache_read 200", $"{XaiTokens}input 800", $"{XaiTokens}output 50", $"{XaiTokens}reasoning 50",
            .. streaming ? [$"meairouter.time_to_first_content {Xai} 1"] : (string[])[],
        ];
        Assert.Equal(expected.Order(StringComparer.Ordinal), exported.Points().Select(static point => point.ToString()));
    }

    [Fact]
    public async Task Durations_have_the_buckets_of_the_conventions()
    {
        using var exported = new Exported();
        await using var router = await Router.StartAsync(Router.Answer);

        await router.AskAsync(streaming: true);

        double[] seconds = [0.01, 0.02, 0.04, 0.08, 0.16, 0.32, 0.64, 1.28, 2.56, 5.12, 10.24, 20.48, 40.96, 81.92, double.PositiveInfinity];
        var durations = exported.Points().Where(static point => point.Bounds.Length > 0).ToList();
        Assert.Equal(
            ["meairouter.attempt.duration", "meairouter.request.duration", "meairouter.time_to_first_content"],
            durations.Select(static point => point.Name));
        Assert.All(durations, point => Assert.Equal(("s", seconds), (point.Unit, point.Bounds), static (a, b) => a.Item1 == b.Item1 && a.Item2.SequenceEqual(b.Item2)));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_measurement_leads_to_the_span_it_was_made_in(bool streaming)
    {
        using var exported = new Exported();
        await using var router = await Router.StartAsync(Router.Answer);

        await router.AskAsync(streaming);

        var (request, attempt) = (exported.Request.SpanId, Assert.Single(exported.Attempts).SpanId);
        var points = exported.Points();
        foreach (var (name, span) in new[] { ("request.duration", request), ("attempt.duration", attempt), ("attempts", attempt), ("cost", attempt), ("tokens", attempt) })
            Assert.All(points.Where(point => point.Name == $"meairouter.{name}"), point => Assert.Equal([span], point.Exemplars));
    }

    [Fact]
    public async Task The_cache_tells_misses_hits_and_who_waited_for_an_equal_request()
    {
        using var exported = new Exported();
        var gate = new TaskCompletionSource();
        await using var router = await Router.StartAsync(Router.Answer.HoldContentUntil(gate.Task), more: """{ "ResponseCache": { "Enabled": true } }""");

        var first = router.AskAsync(streaming: false);
        await router.Acme.WaitForRequestsAsync(1).Soon();
        var second = router.AskAsync(streaming: true);
        gate.SetResult();
        await first;
        await second;
        await router.AskAsync(streaming: false);

        Assert.Equal(
            ["meairouter.cache.requests meairouter.cache.result=coalesced 1", "meairouter.cache.requests meairouter.cache.result=hit 1", "meairouter.cache.requests meairouter.cache.result=miss 1"],
            exported.Points("meairouter.cache.requests"));
    }

    [Fact]
    public async Task Who_waits_for_room_is_told_while_he_waits_and_how_long_afterwards()
    {
        using var exported = new Exported();
        var gate = new TaskCompletionSource();
        await using var router = await Router.StartAsync(Router.Answer.HoldContentUntil(gate.Task), more: """{ "Fallback": { "Load": { "MaxConcurrency": 1 } } }""");
        ChatOptions AtAcme() => Router.Options.WithRouting(new RoutingPreferences { Only = ["acme"] });

        var first = router.AskAsync(streaming: false, AtAcme());
        await router.Acme.WaitForRequestsAsync(1).Soon();
        var second = router.AskAsync(streaming: false, AtAcme());
        Assert.Equal(["meairouter.queue.waiting gen_ai.request.model=acme/large meairouter.endpoint=acme 1"], exported.Points("meairouter.queue.waiting"));
        gate.SetResult();
        await first;
        await second;

        Assert.Equal(["meairouter.queue.waiting gen_ai.request.model=acme/large meairouter.endpoint=acme 0"], exported.Points("meairouter.queue.waiting"));
        Assert.Equal(["meairouter.queue.wait gen_ai.operation.name=chat gen_ai.provider.name=acme gen_ai.request.model=acme/large 1"], exported.Points("meairouter.queue.wait"));
        Assert.Single(exported.Attempts, static attempt => attempt.Told().Contains("meairouter.queue.wait"));
    }

    [Fact]
    public async Task Hedges_and_continuations_are_counted()
    {
        using var exported = new Exported();
        var text = string.Join(' ', Enumerable.Range(1, 60));
        await using var router = await Router.StartAsync(Reply.Text(text).ResetAfter(20), Reply.Text(text), """{ "Fallback": { "HoldCharacters": 0 } }""");
        await router.AskAsync(streaming: true);

        var time = new ManualTimeProvider();
        await using var slow = await Router.StartAsync(Fault.Silence(), Router.Answer, """{ "Fallback": { "FirstContent": "00:00:07" } }""", time);
        var asking = slow.AskAsync(streaming: true);
        await slow.Acme.WaitForRequestsAsync(1).Soon();
        await time.ArmedAsync(TimeSpan.FromSeconds(7));
        time.Advance(TimeSpan.FromSeconds(7));
        await asking;

        Assert.Equal(
            ["meairouter.continuations error.type=provider_unavailable meairouter.failure.kind=truncated meairouter.from=acme meairouter.to=x_ai 1"],
            exported.Points("meairouter.continuations"));
        Assert.Equal(["meairouter.hedges meairouter.from=acme meairouter.to=x_ai 1"], exported.Points("meairouter.hedges"));
    }

    [Fact]
    public async Task A_router_that_is_disposed_is_no_longer_observed()
    {
        var router = await Router.StartAsync(Router.Answer, more: """{ "Budgets": [ { "Scope": "global", "LimitUsd": 1 } ], "Fallback": { "Load": { "MaxConcurrency": 1 } } }""");
        await router.AskAsync(streaming: false);
        string[] observed = ["meairouter.budget.limit", "meairouter.budget.reserved", "meairouter.budget.spent", "meairouter.endpoint.health", "meairouter.queue.waiting"];
        Assert.Equal(observed, Observed());

        await router.DisposeAsync();

        Assert.Empty(Observed());
    }

    private static SortedSet<string> Observed()
    {
        var names = new SortedSet<string>(StringComparer.Ordinal);
        using var listener = new MeterListener
        {
            InstrumentPublished = static (instrument, listener) =>
            {
                if (instrument.Meter.Name == "MeaiRouter")
                    listener.EnableMeasurementEvents(instrument);
            },
        };
        listener.SetMeasurementEventCallback<int>((instrument, _, _, _) => names.Add(instrument.Name));
        listener.SetMeasurementEventCallback<long>((instrument, _, _, _) => names.Add(instrument.Name));
        listener.Start();
        listener.RecordObservableInstruments();
        return names;
    }
}
