using MeaiRouter.Attempts;
using MeaiRouter.Catalog;
using MeaiRouter.Configuration;
using MeaiRouter.Costs;
using MeaiRouter.Pricing;
using MeaiRouter.Routing;
using MeaiRouter.Tests.Configuration;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace MeaiRouter.Tests.Registration;

public sealed class AddMeaiRouterTests
{
    // The cheap provider is tried first; both are added in code.
    private const string TwoProviders = """
        {
          "Models": { "acme/small": { "Endpoints": [
            { "Provider": "cheap", "Model": "small-c", "PricePerMillion": { "Prompt": 0, "Completion": 0 } },
            { "Provider": "dear", "Model": "small-d", "PricePerMillion": { "Prompt": 1, "Completion": 10 } } ] } },
          "Aliases": { "fast": "acme/small" },
          "Routing": { "Strategy": "price", "DefaultModel": "fast" }
        }
        """;

    [Fact]
    public void One_client_is_registered_and_no_provider()
    {
        var services = new ServiceCollection();

        services.AddMeaiRouter(Json.Section(Json.Smallest)).AddProvider("own", new TestChatClient());

        var client = Assert.Single(services, service => typeof(IChatClient).IsAssignableFrom(service.ServiceType));
        Assert.Equal(ServiceLifetime.Singleton, client.Lifetime);
        Assert.False(client.IsKeyedService);
        using var provider = services.BuildServiceProvider();
        Assert.Same(provider.GetRequiredService<IChatClient>(), provider.GetRequiredService<IChatClient>());
        Assert.Equal(["acme/small"], provider.GetRequiredService<ModelCatalog>().Models.Select(m => m.Id));
        Assert.IsType<InMemoryLedger>(provider.GetRequiredService<ILedger>());
    }

    [Fact]
    public void The_client_says_what_it_is()
    {
        using var provider = Router(TwoProviders, new TestChatClient(), new TestChatClient());
        var client = provider.GetRequiredService<IChatClient>();

        var metadata = client.GetService<ChatClientMetadata>();

        Assert.Equal("meairouter", metadata?.ProviderName);
        Assert.Equal("fast", metadata?.DefaultModelId);
        Assert.Null(client.GetService<TestChatClient>());
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_request_that_names_no_model_goes_to_the_default_one_and_is_priced(bool streaming)
    {
        var (cheap, dear) = (new FailingChatClient(), new TestChatClient("from the dear one"));
        using var provider = Router(TwoProviders, cheap, dear);

        var response = await provider.GetRequiredService<IChatClient>().AskAsync(streaming);

        Assert.Equal("from the dear one", response.Text);
        Assert.Equal(["cheap", "dear"], response.GetRouteTrace()?.Attempts.Select(a => a.Provider));
        Assert.Equal("small-d", Assert.Single(dear.Requests)?.ModelId);
        var record = Assert.Single(Assert.IsType<InMemoryLedger>(provider.GetRequiredService<ILedger>()).Records);
        Assert.Equal(NanoUsd.FromUsd(0.002m), record.Cost);
        Assert.Equal(streaming, record.IsStreamed);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task The_settings_of_fallback_reach_the_layer(bool streaming)
    {
        using var provider = Router(TwoProviders, new FailingChatClient(), new TestChatClient(), """{ "Fallback": { "MaxAttempts": 1 } }""");
        var client = provider.GetRequiredService<IChatClient>();

        var failure = await Assert.ThrowsAsync<RouterException>(() => client.AskAsync(streaming));

        Assert.Equal("cheap", Assert.Single(failure.Attempts).Provider);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Routers_under_keys_stand_beside_each_other_and_share_the_ledger(bool streaming)
    {
        var services = new ServiceCollection();
        services.AddMeaiRouter(Json.Section(OneModel("plain"))).AddProvider("own", new TestChatClient("from plain"));
        services.AddKeyedMeaiRouter("a", Json.Section(OneModel("m/a"))).AddProvider("own", new TestChatClient("from a"));
        services.AddKeyedMeaiRouter(7, Json.Section(OneModel("m/7"))).AddProvider("own", new TestChatClient("from 7"));
        using var provider = services.BuildServiceProvider();

        var answers = new List<string>();
        foreach (var (key, model) in new (object?, string)[] { (null, "plain"), ("a", "m/a"), (7, "m/7") })
        {
            var client = key is null ? provider.GetRequiredService<IChatClient>() : provider.GetRequiredKeyedService<IChatClient>(key);
            var catalog = key is null ? provider.GetRequiredService<ModelCatalog>() : provider.GetRequiredKeyedService<ModelCatalog>(key);
            Assert.Equal([model], catalog.Models.Select(m => m.Id));
            answers.Add((await client.AskAsync(streaming, new ChatOptions { ModelId = model })).Text);
        }

        Assert.Equal(["from plain", "from a", "from 7"], answers);
        Assert.Equal(3, Assert.IsType<InMemoryLedger>(provider.GetRequiredService<ILedger>()).Records.Count);
    }

    [Fact]
    public async Task A_ledger_that_is_registered_is_the_one_that_is_used()
    {
        var ledger = new InMemoryLedger();
        var services = new ServiceCollection().AddSingleton<ILedger>(ledger);
        services.AddMeaiRouter(Json.Section(OneModel("m"))).AddProvider("own", new TestChatClient());
        using var provider = services.BuildServiceProvider();

        await provider.GetRequiredService<IChatClient>().AskAsync(streaming: false, new ChatOptions { ModelId = "m" });

        Assert.Single(ledger.Records);
        Assert.Same(ledger, Assert.Single(provider.GetServices<ILedger>()));
    }

    [Fact]
    public void A_configuration_with_errors_fails_at_once_and_registers_nothing()
    {
        var services = new ServiceCollection();

        var failure = Assert.Throws<MeaiRouterConfigurationException>(() => services.AddMeaiRouter(Json.Section("""{ "Budgets": [ { "LimitUsd": 5 } ] }""")));

        Assert.Equal(
            [
                "MeaiRouter:Models: is missing. Without a model no request can be answered. Configure some, or set Catalog:BuiltIn to Models.",
                "MeaiRouter:Budgets:0:Scope: is missing.",
            ],
            failure.Errors);
        Assert.Empty(services);
    }

    [Fact]
    public async Task An_endpoint_of_an_unknown_provider_fails_when_the_host_starts()
    {
        var host = Host.CreateEmptyApplicationBuilder(null);
        host.Services.AddMeaiRouter(MisspeltProviders()).AddProvider("own", new TestChatClient());
        using var app = host.Build();

        var failure = await Assert.ThrowsAsync<MeaiRouterConfigurationException>(() => app.StartAsync());

        Assert.Equal(UnknownProviders, failure.Errors);
    }

    [Fact]
    public async Task A_router_under_a_key_is_checked_when_the_host_starts_too()
    {
        var host = Host.CreateEmptyApplicationBuilder(null);
        host.Services.AddKeyedMeaiRouter("k", MisspeltProviders()).AddProvider("own", new TestChatClient());
        using var app = host.Build();

        var failure = await Assert.ThrowsAsync<MeaiRouterConfigurationException>(() => app.StartAsync());

        Assert.Equal(UnknownProviders, failure.Errors);
    }

    [Fact]
    public void Without_a_host_it_fails_when_the_client_is_resolved()
    {
        var services = new ServiceCollection();
        services.AddMeaiRouter(MisspeltProviders()).AddProvider("own", new TestChatClient());
        using var provider = services.BuildServiceProvider();

        var failure = Assert.Throws<MeaiRouterConfigurationException>(() => provider.GetRequiredService<IChatClient>());

        Assert.Equal(UnknownProviders, failure.Errors);
    }

    [Fact]
    public void A_layer_in_the_wrong_place_fails_when_the_pipeline_is_built()
    {
        var services = new ServiceCollection();
        services.AddMeaiRouter(Json.Section(Json.Smallest)).ConfigurePipeline(pipeline => pipeline.UseFallback());
        using var provider = services.BuildServiceProvider();

        var failure = Assert.Throws<InvalidOperationException>(() => provider.GetRequiredService<IChatClient>());

        Assert.Equal(
            "BudgetChatClient must be outside FallbackChatClient, but the pipeline has it inside; in this order attempts and their costs "
            + "would be lost. Add BudgetChatClient to the builder before FallbackChatClient.",
            failure.Message);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Layers_added_in_code_are_around_the_router_the_first_one_outermost(bool streaming)
    {
        var seen = new List<string>();
        var services = new ServiceCollection();
        services.AddMeaiRouter(Json.Section(OneModel("m")))
            .AddProvider("own", new TestChatClient())
            .ConfigurePipeline(pipeline => pipeline
                .Use(Note("first", seen))
                .Use(Note("second", seen)))
            .ConfigurePipeline(pipeline => pipeline.Use(Note("third", seen)));
        using var provider = services.BuildServiceProvider();

        await provider.GetRequiredService<IChatClient>().AskAsync(streaming, new ChatOptions { ModelId = "m" });

        // The model is still the one the caller named: the router is further in.
        Assert.Equal(["first m", "second m", "third m"], seen);
    }

    [Fact]
    public void The_provider_of_services_disposes_what_was_made_for_the_router_and_nothing_else()
    {
        var (mine, made) = (new TestChatClient(), new TestChatClient());
        var services = new ServiceCollection();
        services.AddMeaiRouter(Json.Section(TwoProviders)).AddProvider("cheap", mine).AddProvider("dear", _ => made);

        using (var provider = services.BuildServiceProvider())
        {
            provider.GetRequiredService<IChatClient>();
            Assert.False(made.Disposed);
        }

        Assert.True(made.Disposed);
        Assert.False(mine.Disposed);
    }

    [Fact]
    public void A_client_made_for_the_router_is_made_once_and_from_the_services()
    {
        var made = 0;
        var services = new ServiceCollection().AddSingleton(new TestChatClient());
        services.AddMeaiRouter(Json.Section(OneModel("m"))).AddProvider("own", provider =>
        {
            made++;
            return provider.GetRequiredService<TestChatClient>();
        });
        using var provider = services.BuildServiceProvider();

        provider.GetRequiredService<IChatClient>();
        provider.GetRequiredService<IChatClient>();

        Assert.Equal(1, made);
    }

    [Fact]
    public void A_provider_has_one_client()
    {
        var builder = new ServiceCollection().AddMeaiRouter(Json.Section(Json.Smallest)).AddProvider("own", new TestChatClient());

        var configured = Assert.Throws<ArgumentException>("name", () => builder.AddProvider("Acme", new TestChatClient()));
        var added = Assert.Throws<ArgumentException>("name", () => builder.AddProvider("OWN", _ => new TestChatClient()));

        Assert.Equal("The provider 'Acme' is in the configuration already. (Parameter 'name')", configured.Message);
        Assert.Equal("The provider 'OWN' has been added already. (Parameter 'name')", added.Message);
    }

    [Fact]
    public void The_builder_knows_where_it_is_registered()
    {
        var services = new ServiceCollection();

        var plain = services.AddMeaiRouter(Json.Section(Json.Smallest));
        var keyed = services.AddKeyedMeaiRouter("k", Json.Section(Json.Smallest));

        Assert.Same(services, plain.Services);
        Assert.Null(plain.ServiceKey);
        Assert.Equal("k", keyed.ServiceKey);
    }

    [Fact]
    public void Null_is_refused()
    {
        var services = new ServiceCollection();
        var builder = services.AddMeaiRouter(Json.Section(Json.Smallest));

        Assert.Throws<ArgumentNullException>("services", () => ((IServiceCollection)null!).AddMeaiRouter(Json.Section(Json.Smallest)));
        Assert.Throws<ArgumentNullException>("configuration", () => services.AddMeaiRouter(null!));
        Assert.Throws<ArgumentNullException>("client", () => builder.AddProvider("x", (IChatClient)null!));
        Assert.Throws<ArgumentNullException>("clientFactory", () => builder.AddProvider("x", (Func<IServiceProvider, IChatClient>)null!));
        Assert.Throws<ArgumentException>("name", () => builder.AddProvider(" ", new TestChatClient()));
        Assert.Throws<ArgumentNullException>("configure", () => builder.ConfigurePipeline(null!));
    }

    private static string[] UnknownProviders =>
    [
        "MeaiRouter:Models:acme/small:Endpoints:0:Provider: 'acmee' is not a provider. Did you mean 'acme'?",
        "MeaiRouter:Models:acme/small:Endpoints:1:Provider: 'elsewhere' is not a provider. Known: acme, own.",
        "MeaiRouter:Models:acme/small:Endpoints:3:Provider: 'openai' is a provider that MeaiRouter knows, but it is not configured. "
            + "Add it to Providers.",
    ];

    private static IConfigurationRoot MisspeltProviders() => Json.Section(Json.Smallest, """
        { "Models": { "acme/small": { "Endpoints": [
            { "Provider": "acmee" }, { "Provider": "elsewhere", "Model": "x" }, { "Provider": "OWN", "Model": "y" },
            { "Provider": "openai", "Model": "z" } ] } } }
        """);

    private static string OneModel(string id) => $$"""{ "Models": { "{{id}}": { "Endpoints": [ { "Provider": "own", "Model": "upstream" } ] } } }""";

    private static ServiceProvider Router(string section, IChatClient cheap, IChatClient dear, string overlay = "{}")
    {
        var services = new ServiceCollection();
        services.AddMeaiRouter(Json.Section(section, overlay)).AddProvider("cheap", _ => cheap).AddProvider("dear", _ => dear);
        return services.BuildServiceProvider();
    }

    private static Func<IEnumerable<ChatMessage>, ChatOptions?, Func<IEnumerable<ChatMessage>, ChatOptions?, CancellationToken, Task>, CancellationToken, Task>
        Note(string name, List<string> seen) => (messages, options, next, cancellationToken) =>
        {
            seen.Add($"{name} {options?.ModelId}");
            return next(messages, options, cancellationToken);
        };
}
