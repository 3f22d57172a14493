using MeaiRouter.Attempts;
using MeaiRouter.Catalog;
using MeaiRouter.Costs;
using MeaiRouter.Dialects;
using MeaiRouter.Endpoints;
using MeaiRouter.Fallback;
using MeaiRouter.Normalization;
using MeaiRouter.Pricing;
using MeaiRouter.Routing;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.DependencyInjection;

namespace MeaiRouter.Tests.Layers;

public sealed class BuilderExtensionTests
{
    private static readonly ModelCatalog Catalog = new(
        [new Model("acme/small") { Endpoints = [new ModelEndpoint("acme", "small-v1") { Price = Price.PerMillion(1, 10) }] }]);

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task The_layers_route_fall_back_normalize_and_price_together(bool streaming)
    {
        using var provider = new TestChatClient();
        var ledger = new InMemoryLedger();
        using var client = EndpointsOf(provider).AsBuilder()
            .UseCostTracking(ledger)
            .UseRouting(Catalog)
            .UseFallback()
            .UseNormalization()
            .Build();

        var response = await client.AskAsync(streaming, new ChatOptions { ModelId = "acme/small" });

        Assert.Equal("hello", response.Text);
        Assert.Equal("small-v1", Assert.Single(provider.Requests)?.ModelId);
        Assert.Equal(NanoUsd.FromUsd(0.002m), response.GetCost());
        Assert.Equal(NanoUsd.FromUsd(0.002m), Assert.Single(ledger.Records).Cost);
        Assert.NotNull(client.GetService<CostTrackingChatClient>());
        Assert.NotNull(client.GetService<RouterChatClient>());
        Assert.NotNull(client.GetService<FallbackChatClient>());
        Assert.NotNull(client.GetService<NormalizingChatClient>());
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task The_catalogue_and_the_ledger_come_from_the_services_unless_given(bool streaming)
    {
        var ledger = new InMemoryLedger();
        using var services = new ServiceCollection().AddSingleton(Catalog).AddSingleton<ILedger>(ledger).BuildServiceProvider();
        using var provider = new TestChatClient();
        using var client = EndpointsOf(provider).AsBuilder().UseCostTracking().UseRouting().Build(services);

        var response = await client.AskAsync(streaming, new ChatOptions { ModelId = "acme/small" });

        Assert.Equal("hello", response.Text);
        Assert.Equal(NanoUsd.FromUsd(0.002m), Assert.Single(ledger.Records).Cost);
    }

    [Theory]
    [InlineData(false, "UseCostTracking")]
    [InlineData(true, "UseCostTracking")]
    [InlineData(false, "UseRouting")]
    [InlineData(true, "UseRouting")]
    [InlineData(false, "UseFallback")]
    [InlineData(true, "UseFallback")]
    public async Task The_layer_that_makes_the_attempt_takes_its_time_from_the_services(bool streaming, string verb)
    {
        var time = new StoppedTime(new DateTimeOffset(2026, 11, 20, 12, 0, 0, TimeSpan.Zero));
        using var services = new ServiceCollection().AddSingleton<TimeProvider>(time).BuildServiceProvider();
        using var provider = new TestChatClient();
        var builder = EndpointsOf(provider).AsBuilder();
        Add(builder, verb);
        using var client = builder.Build(services);

        var response = await client.AskAsync(streaming, new ChatOptions { ModelId = "acme/small" });

        Assert.Equal(time.GetUtcNow(), Assert.Single(response.GetRouteTrace()!.Attempts).StartedAt);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_price_book_from_the_services_prices_a_client_without_a_route(bool streaming)
    {
        using var services = new ServiceCollection()
            .AddSingleton(new PriceBook(new Dictionary<string, Price> { ["m"] = Price.PerMillion(2, 20) }))
            .BuildServiceProvider();
        using var client = new TestChatClient().AsBuilder().UseCostTracking().Build(services);

        var response = await client.AskAsync(streaming, new ChatOptions { ModelId = "m" });

        Assert.Equal(NanoUsd.FromUsd(0.004m), response.GetCost());
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task What_is_given_wins_over_the_services(bool streaming)
    {
        var (registered, given) = (new InMemoryLedger(), new InMemoryLedger());
        using var services = new ServiceCollection()
            .AddSingleton<ILedger>(registered)
            .AddSingleton(new PriceBook(new Dictionary<string, Price> { ["m"] = Price.PerMillion(2, 20) }))
            .BuildServiceProvider();
        using var client = new TestChatClient().AsBuilder()
            .UseCostTracking(given, new PriceBook(new Dictionary<string, Price> { ["m"] = Price.PerMillion(1, 10) }))
            .Build(services);

        await client.AskAsync(streaming, new ChatOptions { ModelId = "m" });

        Assert.Empty(registered.Records);
        Assert.Equal(NanoUsd.FromUsd(0.002m), Assert.Single(given.Records).Cost);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Options_of_cost_tracking_come_from_the_services_and_its_events_from_the_layer(bool streaming)
    {
        using var services = new ServiceCollection()
            .AddSingleton(new PriceBook(new Dictionary<string, Price> { ["m"] = Price.PerMillion(2, 20) }))
            .AddSingleton(new CostTrackingOptions { CallersKeyFee = 2 })
            .BuildServiceProvider();
        var records = new List<GenerationRecord>();
        using var client = new TestChatClient().AsBuilder()
            .UseCostTracking(options: new CostTrackingOptions(), configure: layer => layer.Charged += (_, e) => records.Add(e.Record))
            .Build(services);

        await client.AskAsync(streaming, new ChatOptions { ModelId = "m" });

        Assert.Equal(NanoUsd.FromUsd(0.004m), Assert.Single(records).Cost);
        Assert.Throws<ArgumentException>(() => new TestChatClient().AsBuilder().UseCostTracking().Build(services));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Normalization_takes_a_dialect_or_options(bool streaming)
    {
        var dialect = new Dialect("d") { Parameters = new Dictionary<string, ParameterRule> { ["top_k"] = ParameterRule.Refused } };
        using var provider = new TestChatClient();
        using var adapting = provider.AsBuilder().UseNormalization(dialect).Build();
        using var refusing = provider.AsBuilder().UseNormalization(options =>
        {
            options.Dialect = dialect;
            options.UnsupportedParameters = UnsupportedParameters.Refuse;
        }).Build();

        await adapting.AskAsync(streaming, new ChatOptions { TopK = 1 });
        var failure = await Assert.ThrowsAsync<RouterException>(() => refusing.AskAsync(streaming, new ChatOptions { TopK = 1 }));

        Assert.Null(Assert.Single(provider.Requests)!.TopK);
        Assert.Equal(FailureKind.Unsupported, failure.Kind);
        Assert.Throws<ArgumentException>(() => provider.AsBuilder().UseNormalization(static options => options.Dialect = null!).Build());
    }

    [Fact]
    public void Routing_without_a_catalogue_anywhere_fails_when_built()
    {
        using var client = new TestChatClient();

        Assert.Throws<InvalidOperationException>(() => client.AsBuilder().UseRouting().Build());
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_routers_options_are_set_by_the_callback(bool streaming)
    {
        using var provider = new TestChatClient();
        using var client = EndpointsOf(provider).AsBuilder().UseRouting(Catalog, options => options.DefaultModel = "acme/small").Build();

        var response = await client.AskAsync(streaming);

        Assert.Equal("hello", response.Text);
        Assert.Equal("small-v1", Assert.Single(provider.Requests)?.ModelId);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_backup_answers_when_the_primary_fails(bool streaming)
    {
        using var backup = new TestChatClient("from the backup");
        using var client = new FailingChatClient().AsBuilder().UseFallback(backup).Build();

        var response = await client.AskAsync(streaming);

        Assert.Equal("from the backup", response.Text);
        Assert.Equal(2, response.GetRouteTrace()?.Attempts.Count);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Backups_are_asked_in_their_order_and_no_more_than_the_options_allow(bool streaming)
    {
        using var last = new TestChatClient("from the last");
        using var client = new FailingChatClient().AsBuilder()
            .UseFallback([new FailingChatClient(), new FailingChatClient(), last], options => options.MaxAttempts = 4)
            .Build();

        var response = await client.AskAsync(streaming);

        Assert.Equal("from the last", response.Text);
        Assert.Equal(4, response.GetRouteTrace()?.Attempts.Count);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Backups_are_disposed_with_the_pipeline_unless_left_open(bool leaveOpen)
    {
        var (primary, backup) = (new TestChatClient(), new TestChatClient());
        var builder = primary.AsBuilder();

        (leaveOpen ? builder.UseFallback([backup], leaveOpen: true) : builder.UseFallback([backup])).Build().Dispose();

        Assert.Equal((!leaveOpen, !leaveOpen), (primary.Disposed, backup.Disposed));
    }

    [Fact]
    public void A_dialect_given_to_normalization_reaches_the_layer()
    {
        using var inner = new TestChatClient();
        using var client = inner.AsBuilder().UseNormalization(new Dialect("nine") { Tools = new() { MaxCallIdLength = 9, FixedCallIds = true } }).Build();

        client.GetResponseAsync([new ChatMessage(ChatRole.Assistant, [new FunctionCallContent("a-very-long-id", "f")])]);

        Assert.Equal(9, Assert.IsType<FunctionCallContent>(Assert.Single(inner.Messages[0][0].Contents)).CallId.Length);
    }

    [Theory]
    [InlineData("UseRouting", "UseCostTracking")]
    [InlineData("UseFallback", "UseCostTracking")]
    [InlineData("UseNormalization", "UseCostTracking")]
    [InlineData("UseFallback", "UseRouting")]
    [InlineData("UseNormalization", "UseRouting")]
    [InlineData("UseNormalization", "UseFallback")]
    public void An_order_that_would_lose_attempts_or_costs_fails_when_built_and_names_both_layers(string first, string second)
    {
        using var provider = new TestChatClient();
        var builder = EndpointsOf(provider).AsBuilder();
        var outer = Add(builder, first);
        var inner = Add(builder, second);

        var failure = Assert.Throws<InvalidOperationException>(() => builder.Build());

        Assert.Equal(
            $"{inner} must be outside {outer}, but the pipeline has it inside; in this order attempts and their costs would be lost. "
            + $"Add {inner} to the builder before {outer}.",
            failure.Message);
    }

    [Fact]
    public void Every_verb_returns_its_builder()
    {
        using var client = new TestChatClient();
        var builder = client.AsBuilder();

        Assert.Same(builder, builder.UseCostTracking());
        Assert.Same(builder, builder.UseRouting());
        Assert.Same(builder, builder.UseFallback());
        Assert.Same(builder, builder.UseFallback(client));
        Assert.Same(builder, builder.UseFallback([client]));
        Assert.Same(builder, builder.UseNormalization());
    }

    [Fact]
    public void Every_verb_refuses_null()
    {
        ChatClientBuilder none = null!;
        using var client = new TestChatClient();

        Assert.Throws<ArgumentNullException>("builder", () => none.UseCostTracking());
        Assert.Throws<ArgumentNullException>("builder", () => none.UseRouting());
        Assert.Throws<ArgumentNullException>("builder", () => none.UseFallback());
        Assert.Throws<ArgumentNullException>("builder", () => none.UseFallback(client));
        Assert.Throws<ArgumentNullException>("builder", () => none.UseNormalization());
        Assert.Throws<ArgumentNullException>("backup", () => client.AsBuilder().UseFallback((IChatClient)null!));
        Assert.Throws<ArgumentNullException>("backups", () => client.AsBuilder().UseFallback((IEnumerable<IChatClient>)null!));
    }

    private static EndpointChatClient EndpointsOf(IChatClient client) => new(new Dictionary<string, IChatClient> { ["acme"] = client });

    private static string Add(ChatClientBuilder builder, string verb)
    {
        switch (verb)
        {
            case "UseCostTracking":
                builder.UseCostTracking();
                return nameof(CostTrackingChatClient);
            case "UseRouting":
                builder.UseRouting(Catalog);
                return nameof(RouterChatClient);
            case "UseFallback":
                builder.UseFallback();
                return nameof(FallbackChatClient);
            default:
                builder.UseNormalization();
                return nameof(NormalizingChatClient);
        }
    }
}
