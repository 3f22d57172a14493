using System.Net;
using MeaiRouter.Attempts;
using MeaiRouter.Core.Tests.Fakes;
using MeaiRouter.Tests.Configuration;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace MeaiRouter.Tests.HealthChecks;

public sealed class RouterHealthCheckTests : IAsyncDisposable
{
    // Three failures and no success open a breaker for 5 s.
    private const string Configuration = """
        {
          "Models": {
            "acme/small": { "Endpoints": [ { "Provider": "one", "Model": "small" }, { "Provider": "two", "Model": "small" } ] },
            "acme/large": { "Endpoints": [ { "Provider": "two", "Model": "large" } ] } },
          "Routing": { "Strategy": "price" },
          "Fallback": { "MaxAttempts": 1 }
        }
        """;

    private readonly ManualTimeProvider _time = new();
    private readonly Dictionary<string, Exception?> _failures = [];
    private readonly ServiceProvider _services;
    private int _calls;

    public RouterHealthCheckTests()
    {
        var services = new ServiceCollection().AddLogging().AddSingleton<TimeProvider>(_time);
        services.AddMeaiRouter(Json.Section(Configuration)).AddProvider("one", Provider("one")).AddProvider("two", Provider("two"));
        services.AddHealthChecks().AddMeaiRouter(tags: ["ready"]);
        _services = services.BuildServiceProvider();
    }

    public ValueTask DisposeAsync() => _services.DisposeAsync();

    [Fact]
    public async Task Nobody_is_called_and_a_router_that_nobody_has_used_yet_is_healthy()
    {
        var entry = await CheckAsync();

        Assert.Equal((HealthStatus.Healthy, "Every one of 2 models can be called."), (entry.Status, entry.Description));
        Assert.Equal([("endpoints", 3), ("endpoints_resting", 0), ("models", 2), ("models_resting", 0)], Data(entry));
        Assert.Equal(["ready"], entry.Tags);
        Assert.Equal(0, _calls);
    }

    [Fact]
    public async Task An_endpoint_that_rests_degrades_and_is_named_with_why_since_when_and_for_how_long()
    {
        await FailAsync("one", "acme/small", new HttpRequestException("no", null, HttpStatusCode.ServiceUnavailable), times: 3);
        _time.Advance(TimeSpan.FromSeconds(2));

        var entry = await CheckAsync();

        const string Sentence = "Unavailable (HTTP 503), resting since 2026-01-01T00:00:00Z, due in 3 s";
        Assert.Equal(
            (HealthStatus.Degraded, $"Every model can be called; 1 of 3 endpoints are resting. acme/small at one/small: {Sentence}."), (entry.Status, entry.Description));
        Assert.Equal(
            [("acme/small at one/small", Sentence), ("endpoints", 3), ("endpoints_resting", 1), ("models", 2), ("models_resting", 0)], Data(entry));
    }

    [Fact]
    public async Task Only_when_no_model_at_all_can_be_called_is_the_router_unhealthy()
    {
        await FailAsync("two", "acme/large", new HttpRequestException("no", null, HttpStatusCode.ServiceUnavailable), times: 3);
        var some = await CheckAsync();
        await FailAsync("one", "acme/small", new HttpRequestException("no", null, HttpStatusCode.ServiceUnavailable), times: 3);
        await FailAsync("two", "acme/small", new HttpRequestException("no", null, HttpStatusCode.ServiceUnavailable), times: 3);
        var none = await CheckAsync();

        Assert.Equal(HealthStatus.Degraded, some.Status);
        Assert.StartsWith("1 of 2 models can be called; 1 of 3 endpoints are resting. acme/large at two/large: ", some.Description, StringComparison.Ordinal);
        Assert.Equal(HealthStatus.Unhealthy, none.Status);
        Assert.StartsWith("No model can be called: all 3 endpoints of all 2 models are resting. ", none.Description, StringComparison.Ordinal);
        Assert.Contains(("models_resting", (object)2), Data(none));
    }

    [Fact]
    public async Task A_rest_that_is_over_is_none_and_failed_probes_do_not_make_it_younger()
    {
        await FailAsync("two", "acme/large", new HttpRequestException("no", null, HttpStatusCode.ServiceUnavailable), times: 3);
        _time.Advance(TimeSpan.FromSeconds(5));
        var due = await CheckAsync();
        await FailAsync("two", "acme/large", new HttpRequestException("no", null, HttpStatusCode.BadGateway), times: 1);
        var again = await CheckAsync();

        Assert.Equal(HealthStatus.Healthy, due.Status);
        Assert.EndsWith(" (HTTP 502), resting since 2026-01-01T00:00:00Z, due in 10 s.", again.Description, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_rate_limit_rests_the_endpoint_for_as_long_as_the_provider_says()
    {
        await FailAsync(
            "one", "acme/small", new RouterException(FailureKind.RateLimited, "slower") { Status = 429, RetryAfter = TimeSpan.FromSeconds(40) }, times: 1);

        Assert.EndsWith("acme/small at one/small: RateLimited (HTTP 429), resting since 2026-01-01T00:00:00Z, due in 40 s.", (await CheckAsync()).Description, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_failure_status_and_the_name_are_those_of_the_registration_and_a_keyed_router_has_a_check_of_its_own()
    {
        var services = new ServiceCollection().AddLogging().AddSingleton<TimeProvider>(_time);
        services.AddKeyedMeaiRouter("b", Json.Section(Configuration)).AddProvider("one", Provider("one")).AddProvider("two", Provider("two"));
        services.AddHealthChecks().AddMeaiRouter("routes-b", "b", HealthStatus.Degraded).AddMeaiRouter("missing", "c");
        await using var provider = services.BuildServiceProvider();
        var client = provider.GetRequiredKeyedService<IChatClient>("b");
        foreach (var (name, model) in new[] { ("two", "acme/large"), ("one", "acme/small"), ("two", "acme/small") })
            await FailAsync(name, model, new HttpRequestException("no", null, HttpStatusCode.ServiceUnavailable), times: 3, client);

        var report = await provider.GetRequiredService<HealthCheckService>().CheckHealthAsync();

        Assert.Equal(HealthStatus.Degraded, report.Entries["routes-b"].Status);
        Assert.StartsWith("No model can be called", report.Entries["routes-b"].Description, StringComparison.Ordinal);
        Assert.Equal(HealthStatus.Unhealthy, report.Entries["missing"].Status);
    }

    private static IEnumerable<(string, object)> Data(HealthReportEntry entry) =>
        entry.Data.OrderBy(static pair => pair.Key, StringComparer.Ordinal).Select(static pair => (pair.Key, pair.Value));

    private async Task<HealthReportEntry> CheckAsync() => (await _services.GetRequiredService<HealthCheckService>().CheckHealthAsync()).Entries["meairouter"];

    private async Task FailAsync(string provider, string model, Exception failure, int times, IChatClient? client = null)
    {
        _failures[provider] = failure;
        client ??= _services.GetRequiredService<IChatClient>();
        var options = new ChatOptions { ModelId = model }.WithRouting(new() { Only = [provider] });
        for (var i = 0; i < times; i++)
            await Assert.ThrowsAsync<RouterException>(() => client.AskAsync(streaming: false, options));
        _failures[provider] = null;
    }

    private FakeChatClient Provider(string name) => new()
    {
        Whole = () => Call(name),
    };

    private ChatResponse Call(string name)
    {
        _calls++;
        return _failures.GetValueOrDefault(name) is { } failure ? throw failure : new ChatResponse(new ChatMessage(ChatRole.Assistant, "hello")) { FinishReason = ChatFinishReason.Stop };
    }
}
