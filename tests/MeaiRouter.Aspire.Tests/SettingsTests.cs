using MeaiRouter.Catalog;
using MeaiRouter.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace MeaiRouter.Aspire.Tests;

public sealed class SettingsTests
{
    private const string Local = "Endpoint=http://localhost:5001/v1;Model=m";

    [Fact]
    public void The_defaults_need_no_configuration()
    {
        var settings = new MeaiRouterSettings();

        Assert.Empty(settings.Connections);
        Assert.False(settings.DisableTracing);
        Assert.False(settings.DisableMetrics);
        Assert.False(settings.DisableHealthChecks);
    }

    [Fact]
    public void The_routers_section_wins_over_the_shared_one_its_connection_string_adds_to_both_and_code_has_the_last_word()
    {
        var builder = App.With(
            """
            { "Aspire": { "MeaiRouter": {
                "DisableTracing": true, "DisableMetrics": true, "DisableHealthChecks": false, "Connections": [ "a", "b", "c" ],
                "router": { "DisableMetrics": false, "DisableHealthChecks": true, "Connections": [ "d" ] } } } }
            """,
            ("d", Local), ("router", Local));
        MeaiRouterSettings? seen = null;

        builder.AddMeaiRouter("router", settings =>
        {
            seen = settings;
            Assert.Equal((true, false, true), (settings.DisableTracing, settings.DisableMetrics, settings.DisableHealthChecks));
            Assert.Equal(["d", "router"], settings.Connections);
            settings.Connections.Remove("router");
        });

        using var app = builder.Build();
        Assert.NotNull(seen);
        Assert.Equal(["d", "router"], app.Services.GetRequiredService<ModelCatalog>().Models.Select(model => model.Id));
        Assert.Single(app.Services.GetRequiredService<ModelCatalog>().Find("router")!.Endpoints);
    }

    [Fact]
    public void The_configuration_of_the_router_is_laid_over_key_by_key()
    {
        var builder = App.With(
            """
            { "MeaiRouter": {
                "Models": { "m": { "Name": "plain", "ContextLength": 1, "MaxOutputTokens": 1, "Endpoints": [ { "Connection": "a" } ] } } },
              "Aspire": { "MeaiRouter": {
                "Models": { "m": { "Name": "shared", "ContextLength": 2 } },
                "router": { "Models": { "m": { "Name": "own" } } } } } }
            """,
            ("a", Local));

        builder.AddKeyedMeaiRouter("router");

        using var app = builder.Build();
        var model = app.Services.GetRequiredKeyedService<ModelCatalog>("router").Find("m")!;
        Assert.Equal(("own", 2, 1), (model.Name, model.ContextLength, model.MaxOutputTokens));
    }

    [Fact]
    public void Models_of_one_account_share_a_provider_that_goes_by_its_known_name_and_have_the_prices_that_are_built_in()
    {
        var builder = App.With(
            ("small", "Endpoint=https://api.openai.com/v1;Key=k;Model=gpt-4o-mini"),
            ("large", "Endpoint=https://api.openai.com/v1;Key=k;Model=unheard-of"),
            ("second", "Endpoint=https://api.openai.com/v1;Key=other;Model=gpt-4o-mini"),
            ("local", Local));

        builder.AddMeaiRouter("router", settings => Array.ForEach(["small", "large", "second", "local"], settings.Connections.Add));

        using var app = builder.Build();
        var catalog = app.Services.GetRequiredService<ModelCatalog>();
        var built = BuiltInCatalog.Load().Models.SelectMany(model => model.Endpoints).First(endpoint => endpoint is { Provider: "openai", Model: "gpt-4o-mini" });
        Assert.Equal(["openai", "openai", "second", "local"], catalog.Find("router")!.Endpoints.Select(endpoint => endpoint.Provider));
        Assert.Equal(["gpt-4o-mini", "unheard-of", "gpt-4o-mini", "m"], catalog.Find("router")!.Endpoints.Select(endpoint => endpoint.Model));
        Assert.Equal([built.Price, null, null, null], catalog.Find("router")!.Endpoints.Select(endpoint => endpoint.Price));
        Assert.Equal(built.PriceSource, catalog.Find("small")!.Endpoints[0].PriceSource);
        Assert.Equal("openai", catalog.Find("second")!.Endpoints[0].Dialect.Name);
    }

    [Fact]
    public void A_provider_of_the_configuration_with_an_address_of_its_own_is_left_alone()
    {
        var builder = App.With(
            """{ "MeaiRouter": { "Providers": { "openai": { "ApiKey": "mine" } }, "Models": { "m": { "Endpoints": [ { "Connection": "chat" } ] } } } }""",
            ("chat", "Key=k;Model=gpt-4o-mini"));

        builder.AddMeaiRouter("router");

        using var app = builder.Build();
        Assert.Equal("chat", app.Services.GetRequiredService<ModelCatalog>().Find("m")!.Endpoints[0].Provider);
    }

    [Fact]
    public void What_the_configuration_says_of_a_connections_provider_holds()
    {
        var builder = App.With(
            """
            { "MeaiRouter": {
                "Providers": { "openai": { "Regions": [ "eu" ] } },
                "Models": { "m": { "Endpoints": [ { "Connection": "chat" }, { "Connection": "chat", "Provider": "other", "Model": "x" } ] } } } }
            """,
            ("chat", "Key=k;Model=gpt-4o-mini"));

        builder.AddMeaiRouter("router");

        using var app = builder.Build();
        var endpoints = app.Services.GetRequiredService<ModelCatalog>().Find("m")!.Endpoints;
        Assert.Equal([("openai", "gpt-4o-mini", "eu"), ("other", "x", "")], endpoints.Select(e => (e.Provider, e.Model, string.Join(' ', e.Regions))));
    }

    [Fact]
    public void A_model_configured_under_the_name_of_a_connection_stays_as_it_is()
    {
        var builder = App.With(
            """
            { "MeaiRouter": {
                "Catalog": { "BuiltIn": "models" },
                "Models": [ { "Id": "chat", "Endpoints": [ { "Connection": "chat", "Tag": "mine" } ] } ],
                "Routing": { "DefaultModel": "chat" } } }
            """,
            ("chat", Local));

        builder.AddMeaiRouter("router", settings => settings.Connections.Add("chat"));

        using var app = builder.Build();
        var catalog = app.Services.GetRequiredService<ModelCatalog>();
        Assert.Equal("mine", catalog.Find("chat")!.Endpoints.Single().Tag);
        Assert.Equal("chat", catalog.Find("router")!.Endpoints.Single().Tag);
    }
}
