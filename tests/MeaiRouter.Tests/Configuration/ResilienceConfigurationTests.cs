using MeaiRouter.Attempts;
using MeaiRouter.Configuration;
using MeaiRouter.Core.Tests.Fakes;
using MeaiRouter.Fallback;
using MeaiRouter.Load;
using MeaiRouter.Resilience;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.DependencyInjection;
using Polly;

namespace MeaiRouter.Tests.Configuration;

public sealed class ResilienceConfigurationTests
{
    private const string Complete = """
        {
          "Providers": {
            "acme": {
              "BaseUrl": "http://127.0.0.1:9101/v1", "MaxConcurrency": 20, "QueueLimit": 7,
              "Resilience": {
                "Timeout": "00:00:09",
                "Retry": { "MaxAttempts": 4, "Delay": "00:00:01", "BackoffType": "linear", "UseJitter": false },
                "CircuitBreaker": { "FailureRatio": 0.5, "MinimumThroughput": 5, "SamplingDuration": "00:00:20", "BreakDuration": "00:00:15" } } },
            "other": { "BaseUrl": "http://127.0.0.1:9102/v1", "Resilience": { "Retry": { "MaxAttempts": 2 } } } },
          "Models": {
            "acme/small": {
              "Endpoints": [
                { "Provider": "acme", "Model": "s", "Tag": "acme/eu",
                  "Resilience": { "Timeout": "00:00:03", "Chaos": { "FaultRate": 0.1, "LatencyRate": 0.2, "Latency": "00:00:05", "OutcomeRate": 0.3, "Seed": -7 } } },
                { "Provider": "acme", "Model": "s" },
                { "Provider": "other", "Model": "s" } ] } },
          "Fallback": { "Load": { "MaxConcurrency": 50, "QueueLimit": 9, "MaxWait": "00:00:12" } }
        }
        """;

    [Fact]
    public void Limits_are_read_for_endpoints_providers_and_all()
    {
        var options = new FallbackOptions();

        Read(Complete).Fallback(options);

        Assert.Equivalent(
            new LoadOptions
            {
                MaxConcurrency = 50,
                QueueLimit = 9,
                MaxWait = TimeSpan.FromSeconds(12),
                Providers = new Dictionary<string, ConcurrencyLimit> { ["acme"] = new(20, 7) },
            },
            options.Load,
            strict: true);
    }

    [Fact]
    public void An_endpoints_strategies_replace_the_same_ones_of_its_provider()
    {
        var options = new ResilienceOptions();
        Read(Complete).Resilience(options);

        Assert.Equal(
            [(ResilienceScope.Provider, "acme"), (ResilienceScope.Provider, "other"), (ResilienceScope.Endpoint, "acme/small@acme/eu")],
            options.Rules.Select(rule => (rule.Scope, rule.Name)));
        Assert.Equal([false, true], options.Rules.Take(2).Select(rule => rule.IsFor("other", "acme/small@other")));
        Assert.Equal((true, false), (options.Rules[0].IsFor("ACME", "acme/small@acme"), options.Rules[0].IsFor("acme", "ACME/small@acme/eu")));

        var own = (ResilienceSettings)options.Rules[2].Configure.Target!;
        Assert.Equal(TimeSpan.FromSeconds(3), own.Timeout);
        Assert.Equal((3, TimeSpan.FromSeconds(1), DelayBackoffType.Linear, false), (own.Retry!.MaxRetryAttempts, own.Retry.Delay, own.Retry.BackoffType, own.Retry.UseJitter));
        Assert.Equal(
            (0.5, 5, TimeSpan.FromSeconds(20), TimeSpan.FromSeconds(15)),
            (own.CircuitBreaker!.FailureRatio, own.CircuitBreaker.MinimumThroughput, own.CircuitBreaker.SamplingDuration, own.CircuitBreaker.BreakDuration));
        Assert.Equal(
            new ChaosSettings { FaultRate = 0.1, LatencyRate = 0.2, Latency = TimeSpan.FromSeconds(5), OutcomeRate = 0.3, Seed = -7 }, own.Chaos);
        var other = (ResilienceSettings)options.Rules[1].Configure.Target!;
        Assert.Equal((1, DelayBackoffType.Exponential, true), (other.Retry!.MaxRetryAttempts, other.Retry.BackoffType, other.Retry.UseJitter));
        Assert.Equal((null, null, null), (other.Timeout, other.CircuitBreaker, other.Chaos));
    }

    [Theory]
    [InlineData("""{ "Providers": { "acme": { "QueueLimit": 3, "BaseUrl": "http://a/v1" } } }""",
        "MeaiRouter:Providers:acme:QueueLimit: has no effect without MaxConcurrency. Set that as well.")]
    [InlineData("""{ "Providers": { "acme": { "MaxConcurrency": 0, "BaseUrl": "http://a/v1" } } }""",
        "MeaiRouter:Providers:acme:MaxConcurrency: '0' is not a whole number of at least 1.")]
    [InlineData("""{ "Providers": { "acme": { "Resilience": { "Timeout": "00:00:00.001" }, "BaseUrl": "http://a/v1" } } }""",
        "MeaiRouter:Providers:acme:Resilience:Timeout: must be at least 10 milliseconds.")]
    [InlineData("""{ "Providers": { "acme": { "Resilience": { "Retry": { "MaxAttempts": 1 } }, "BaseUrl": "http://a/v1" } } }""",
        "MeaiRouter:Providers:acme:Resilience:Retry:MaxAttempts: '1' is not a whole number of at least 2.")]
    [InlineData("""{ "Providers": { "acme": { "Resilience": { "Retry": { "BackoffType": "expo" } }, "BaseUrl": "http://a/v1" } } }""",
        "MeaiRouter:Providers:acme:Resilience:Retry:BackoffType: 'expo' is not one of constant, linear, exponential.")]
    [InlineData("""{ "Providers": { "acme": { "Resilience": { "CircuitBreaker": { "BreakDuration": "00:00:00.1" } }, "BaseUrl": "http://a/v1" } } }""",
        "MeaiRouter:Providers:acme:Resilience:CircuitBreaker:BreakDuration: must be at least 500 milliseconds.")]
    [InlineData("""{ "Providers": { "acme": { "Resilience": { "Chaos": { "FaultRate": 1.5 } }, "BaseUrl": "http://a/v1" } } }""",
        "MeaiRouter:Providers:acme:Resilience:Chaos:FaultRate: '1.5' is not a number from 0 to 1.")]
    [InlineData("""{ "Providers": { "acme": { "Resilience": { "Rety": { "MaxAttempts": 2 } }, "BaseUrl": "http://a/v1" } } }""",
        "MeaiRouter:Providers:acme:Resilience:Rety: 'Rety' is not a setting. Did you mean 'Retry'?")]
    public void A_mistake_is_named_with_its_path(string providers, string error)
    {
        var section = Json.Section(providers[..^1] + """, "Models": { "m": { "Endpoints": [ { "Provider": "acme", "Model": "x" } ] } } }""");

        var exception = Assert.Throws<MeaiRouterConfigurationException>(() => RouterConfiguration.Read(section, _ => null));

        Assert.Equal([error], exception.Errors);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Configured_chaos_strikes_its_endpoint_and_code_adds_strategies_inside_it(bool streaming)
    {
        var section = Json.Section("""
            {
              "Models": {
                "m": { "Endpoints": [
                  { "Provider": "one", "Model": "x", "Resilience": { "Chaos": { "FaultRate": 1 } }, "PricePerMillion": { "Prompt": 1, "Completion": 1 } },
                  { "Provider": "two", "Model": "x", "PricePerMillion": { "Prompt": 2, "Completion": 2 } } ] } },
              "Routing": { "Strategy": "price", "DefaultModel": "m" },
              "Fallback": { "MaxAttempts": 2 }
            }
            """);
        var (one, two) = (FakeChatClient.Answering("one"), new FakeChatClient([new HttpRequestException("Reset.")], FakeChatClient.Answer("two")));
        var services = new ServiceCollection();
        services.AddMeaiRouter(section)
            .AddProvider("one", one)
            .AddProvider("two", two)
            .ConfigureResilience(resilience => resilience.ForProvider("two", builder => builder.AddRetry(new() { MaxRetryAttempts = 1, Delay = TimeSpan.Zero })));
        await using var provider = services.BuildServiceProvider();

        var response = await provider.GetRequiredService<IChatClient>().AskAsync(streaming);

        Assert.Equal("two", response.Text);
        Assert.Equal(["one Failed ServerError", "two Failed ConnectionFailed", "two Answered"], response.Trace().Attempts.Told());
        Assert.Equal((0, 2), (one.Calls.Count, two.Calls.Count));
    }

    [Fact]
    public void A_name_that_code_misspells_is_found_when_the_router_is_built()
    {
        var services = new ServiceCollection();
        services.AddMeaiRouter(Json.Section("""{ "Models": { "m": { "Endpoints": [ { "Provider": "one", "Model": "x" } ] } } }"""))
            .AddProvider("one", new FakeChatClient())
            .ConfigureResilience(resilience => resilience.ForProvider("onne", builder => builder.AddTimeout(TimeSpan.FromSeconds(1))));
        using var provider = services.BuildServiceProvider();

        var error = Assert.Throws<ArgumentException>(() => provider.GetRequiredService<IChatClient>());

        Assert.Equal("Resilience is set up for 'onne', which is no provider of the pipeline. Did you mean 'one'?", error.Message);
    }

    private static RouterConfiguration Read(string json) => RouterConfiguration.Read(Json.Section(json), _ => null);
}
