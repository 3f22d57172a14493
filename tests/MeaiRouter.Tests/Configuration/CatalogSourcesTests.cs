using MeaiRouter.Catalog;
using MeaiRouter.Configuration;
using MeaiRouter.Pricing;
using MeaiRouter.Routing;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace MeaiRouter.Tests.Configuration;

public sealed class CatalogSourcesTests : IDisposable
{
    private const string PriceList = """
        {
          "gpt-4o-mini": { "litellm_provider": "openai", "mode": "chat", "max_input_tokens": 128000, "max_output_tokens": 16384,
            "input_cost_per_token": 1.5e-07, "output_cost_per_token": 6e-07, "supports_vision": true },
          "groq/fast": { "litellm_provider": "groq", "mode": "chat", "input_cost_per_token": 1e-07, "output_cost_per_token": 1e-07 }
        }
        """;

    private readonly string _folder = Directory.CreateTempSubdirectory("catalog").FullName;

    private string Prices => Path.Combine(_folder, "prices.json");

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void A_price_list_completes_a_model_that_goes_by_another_name()
    {
        using var provider = Router(Files("prices"), """
            { "Models": { "acme/small": { "Endpoints": [ { "Provider": "openai", "Model": "gpt-4o-mini" } ] } } }
            """);

        var catalog = provider.GetRequiredService<ModelCatalog>();

        var model = Assert.Single(catalog.Models);
        var endpoint = Assert.Single(model.Endpoints);
        Assert.Equal("acme/small", model.Id);
        Assert.Equal(Price.PerMillion(0.15m, 0.6m), endpoint.Price);
        Assert.Equal("LiteLLM model_prices_and_context_window.json", endpoint.PriceSource?.Name);
        Assert.Equal(128_000, endpoint.ContextLength);
        Assert.Equal(16_384, endpoint.MaxOutputTokens);
        Assert.Equal(["text", "image"], endpoint.InputModalities);
    }

    [Fact]
    public void What_is_configured_wins_over_a_price_list()
    {
        using var provider = Router(Files("prices"), """
            { "Models": { "acme/small": { "ContextLength": 1000, "Endpoints": [
              { "Provider": "openai", "Model": "gpt-4o-mini", "PricePerMillion": { "Prompt": 9, "Completion": 9 } } ] } } }
            """);

        var model = Assert.Single(provider.GetRequiredService<ModelCatalog>().Models);

        Assert.Equal(Price.PerMillion(9, 9), model.Endpoints[0].Price);
        Assert.Null(model.Endpoints[0].PriceSource);
        Assert.Null(model.Endpoints[0].ContextLength);
        Assert.Equal(1_000, model.ContextLength);
    }

    [Fact]
    public async Task A_list_offers_the_models_whose_providers_are_configured()
    {
        using var provider = Router(Files("models"), """{ "Aliases": { "mini": "openai/gpt-4o-mini" }, "Routing": { "DefaultModel": "mini" } }""");

        Assert.Equal(["openai/gpt-4o-mini"], provider.GetRequiredService<ModelCatalog>().Models.Select(model => model.Id));
        var response = await provider.GetRequiredService<IChatClient>().GetResponseAsync("Hello");
        Assert.Equal("gpt-4o-mini", response.GetRouteTrace()!.Answer!.Endpoint!.Model);
    }

    [Fact]
    public void What_is_built_in_can_be_offered_and_is_completed_by_better_sources()
    {
        var builtIn = BuiltInCatalog.Load().Models.First(model => model.Endpoints.Any(endpoint => endpoint.Provider == "openai"));
        var endpoint = builtIn.Endpoints.First(endpoint => endpoint.Provider == "openai");
        File.WriteAllText(Prices, $$"""
            { "{{endpoint.Model}}": { "litellm_provider": "openai", "mode": "chat", "input_cost_per_token": 7e-06, "output_cost_per_token": 8e-06 } }
            """);

        using var provider = Router("""{ "Catalog": { "BuiltIn": "models" } }""", Files("prices", write: false));
        var catalog = provider.GetRequiredService<ModelCatalog>();

        Assert.Equal(Price.PerMillion(7, 8), catalog.Find(builtIn.Id)!.Endpoints.First(e => e.Provider == "openai").Price);
        Assert.All(catalog.Models, model => Assert.All(model.Endpoints, e => Assert.Equal("openai", e.Provider)));
    }

    [Fact]
    public void A_file_that_cannot_be_used_is_an_error_that_names_it()
    {
        File.WriteAllText(Prices, "{ broken");
        var configuration = Json.Section($$"""
            {
              "Providers": { "openai": { "ApiKey": "k" } },
              "Catalog": { "BuiltIn": "everything", "Files": [
                { "Path": {{Quoted(Prices)}}, "Format": "litellm" },
                { "Path": "/nowhere/at/all.json", "Format": "openrouter" },
                { "Path": {{Quoted(Prices)}}, "Format": "csv" },
                { "Format": "litellm" } ] },
              "Models": { "m": { "Endpoints": [ { "Provider": "openai", "Model": "m" } ] } }
            }
            """);

        var exception = Assert.Throws<MeaiRouterConfigurationException>(() => new ServiceCollection().AddMeaiRouter(configuration));

        Assert.Equal(
            [
                $"MeaiRouter:Catalog:Files:0:Path: '{Prices}' cannot be used. The file is not JSON: line 1, byte 2.",
                "MeaiRouter:Catalog:Files:1:Path: '/nowhere/at/all.json' cannot be used. Could not find a part of the path '/nowhere/at/all.json'.",
                "MeaiRouter:Catalog:Files:2:Format: 'csv' is not a format of catalogues. Known: litellm, openrouter.",
                "MeaiRouter:Catalog:Files:3:Path: is missing.",
                "MeaiRouter:Catalog:BuiltIn: 'everything' is not one of models, prices.",
            ],
            exception.Errors);
    }

    [Fact]
    public void A_configured_model_that_no_provider_serves_fails_at_the_start()
    {
        using var provider = Router(Files("models"), """{ "Models": { "groq/fast": { "ContextLength": 10 } } }""");

        var exception = Assert.Throws<MeaiRouterConfigurationException>(() => provider.GetRequiredService<IChatClient>());

        Assert.Equal(["Models:groq/fast: has no endpoint at a provider that is configured."], exception.Errors);
    }

    [Fact]
    public async Task A_changed_configuration_comes_into_force_and_a_wrong_one_does_not()
    {
        var memory = new Dictionary<string, string?>
        {
            ["MeaiRouter:Models:m:Endpoints:0:Provider"] = "own",
            ["MeaiRouter:Models:m:Endpoints:0:Model"] = "first",
        };
        var configuration = new ConfigurationBuilder().AddInMemoryCollection(memory).Build();
        var services = new ServiceCollection();
        services.AddMeaiRouter(configuration).AddProvider("own", new TestChatClient());
        using var provider = services.BuildServiceProvider();
        var client = provider.GetRequiredService<IChatClient>();
        Assert.Equal("first", await ServedBy(client));

        configuration["MeaiRouter:Models:m:Endpoints:0:Model"] = "second";
        configuration["MeaiRouter:Models:n:Endpoints:0:Provider"] = "own";
        configuration["MeaiRouter:Models:n:Endpoints:0:Model"] = "n";
        configuration.Reload();
        Assert.Equal("second", await ServedBy(client));
        Assert.Equal(["m", "n"], provider.GetRequiredService<ModelCatalog>().Models.Select(model => model.Id));

        configuration["MeaiRouter:Models:m:Endpoints:0:Model"] = "third";
        configuration["MeaiRouter:Models:m:Endpoints:0:Provider"] = "new";
        configuration.Reload();
        Assert.Equal("second", await ServedBy(client));
        Assert.Contains(
            "MeaiRouter:Models:m:Endpoints:0:Provider: 'new' is not a provider. Known: own.",
            provider.GetRequiredService<LiveCatalog>().LastError, StringComparison.Ordinal);
    }

    private static async Task<string> ServedBy(IChatClient client) =>
        (await client.GetResponseAsync("Hello", new ChatOptions { ModelId = "m" })).GetRouteTrace()!.Answer!.Endpoint!.Model;

    private static ServiceProvider Router(params string[] layers)
    {
        var services = new ServiceCollection();
        services.AddMeaiRouter(Json.Section(layers)).AddProvider("openai", new TestChatClient());
        return services.BuildServiceProvider();
    }

    private string Files(string use, bool write = true)
    {
        if (write)
            File.WriteAllText(Prices, PriceList);
        return $$"""{ "Catalog": { "Files": [ { "Path": {{Quoted(Prices)}}, "Format": "litellm", "Use": "{{use}}" } ] } }""";
    }

    private static string Quoted(string text) => System.Text.Json.JsonSerializer.Serialize(text);
}
