using MeaiRouter.Attempts;
using MeaiRouter.Costs;
using MeaiRouter.Dialects;
using MeaiRouter.Pricing;
using MeaiRouter.Routing;
using MeaiRouter.Testing;
using MeaiRouter.Tests.Configuration;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.DependencyInjection;

namespace MeaiRouter.Tests.Registration;

/// <summary>From a configuration to the wire: two providers on loopback, the cheap one tried first.</summary>
public sealed class ConfiguredProvidersTests : IAsyncLifetime
{
    private ScriptedProvider _cheap = null!;
    private ScriptedProvider _dear = null!;

    public async Task InitializeAsync()
    {
        _cheap = (await ScriptedProvider.StartAsync("cheap")).RequireKey("key-of-cheap");
        _dear = (await ScriptedProvider.StartAsync("dear")).RequireKey("key-of-dear");
        _dear.ForModel("small-d").Always(Reply.Text("All is well.").WithUsage(prompt: 1_000, completion: 100, cached: 400));
    }

    public async Task DisposeAsync()
    {
        await _cheap.DisposeAsync();
        await _dear.DisposeAsync();
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task The_answer_of_the_second_provider_comes_priced_when_the_first_is_down(bool streaming)
    {
        _cheap.ForModel("small-c").Always(Fault.Unavailable());
        using var services = Router();

        var response = await services.GetRequiredService<IChatClient>().AskAsync(streaming, new ChatOptions { ModelId = "fast" });

        // 600 tokens of input at $1, 400 cached ones at $0.10 and 100 of output at $10 per million.
        var cost = NanoUsd.FromUsd(0.00164m);
        Assert.Equal("All is well.", response.Text);
        Assert.Equal(ChatFinishReason.Stop, response.FinishReason);
        Assert.Equal(cost, response.GetCost());
        Assert.Equal(
            [("cheap", FailureKind.Unavailable), ("dear", null)],
            response.GetRouteTrace()!.Attempts.Select(a => (a.Provider, a.Failure?.Kind)));

        var record = Assert.Single(Assert.IsType<InMemoryLedger>(services.GetRequiredService<ILedger>()).Records);
        Assert.Equal(("fast", streaming, cost), (record.RequestedModel, record.IsStreamed, record.Cost));
        Assert.Equal(["cheap", "dear"], record.Attempts.Select(a => a.Provider));

        Assert.Equal("small-c", Assert.Single(_cheap.Requests).Model);
        var request = Assert.Single(_dear.Requests);
        Assert.Equal(("small-d", streaming, "blue"), (request.Model, request.Streamed, request.Headers["X-Team"]));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task When_all_are_down_the_failure_says_what_each_of_them_said_and_no_key(bool streaming)
    {
        _cheap.ForModel("small-c").Always(Fault.Unavailable());
        _dear.ForModel("small-d").Next(Fault.BadGateway());
        using var services = Router();

        var failure = await Assert.ThrowsAsync<RouterException>(
            () => services.GetRequiredService<IChatClient>().AskAsync(streaming, new ChatOptions { ModelId = "fast" }));

        Assert.Equal([("cheap", 503), ("dear", 502)], failure.Attempts.Select(a => (a.Provider, a.Failure?.Status)));
        Assert.DoesNotContain("key-of", failure.ToString());
        Assert.Equal((1, 1), (_cheap.RequestCount, _dear.RequestCount));
    }

    [Theory]
    [InlineData("{}", "max_tokens")]
    [InlineData("""{ "Type": "openai" }""", "max_completion_tokens")]
    [InlineData("""{ "Dialect": "openai" }""", "max_completion_tokens")]
    [InlineData("""{ "Type": "openai", "Dialect": "deepseek" }""", "max_tokens")]
    public async Task A_request_is_spelt_as_the_type_or_the_dialect_of_the_provider_has_it(string rules, string spelling)
    {
        _cheap.ForModel("small-c").Answers("Here you are.");
        using var services = Router($$"""{ "Providers": { "cheap": {{rules}} } }""");

        await services.GetRequiredService<IChatClient>().GetResponseAsync("hi", new ChatOptions { ModelId = "fast", MaxOutputTokens = 7 });

        var body = Assert.Single(_cheap.Requests).Body;
        Assert.Equal([spelling], body.EnumerateObject().Where(p => p.Name.StartsWith("max_", StringComparison.Ordinal)).Select(p => p.Name));
        Assert.Equal(7, body.GetProperty(spelling).GetInt32());
    }

    private ServiceProvider Router(string overlay = "{}")
    {
        var services = new ServiceCollection();
        services.AddMeaiRouter(Json.Section($$"""
            {
              "Providers": {
                "cheap": { "BaseUrl": "{{_cheap.BaseUrl}}", "ApiKey": "key-of-cheap" },
                "dear": { "BaseUrl": "{{_dear.BaseUrl}}", "ApiKeys": ["key-of-dear"], "Headers": { "X-Team": "blue" } } },
              "Models": { "acme/small": { "Endpoints": [
                { "Provider": "cheap", "Model": "small-c", "PricePerMillion": { "Prompt": 0, "Completion": 0 } },
                { "Provider": "dear", "Model": "small-d", "PricePerMillion": { "Prompt": 1, "Completion": 10, "CacheRead": 0.1 } } ] } },
              "Aliases": { "fast": "acme/small" },
              "Routing": { "Strategy": "price" }
            }
            """, overlay));
        return services.BuildServiceProvider();
    }
}
