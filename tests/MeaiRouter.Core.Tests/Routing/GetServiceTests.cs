using MeaiRouter.Core.Tests.Fakes;
using MeaiRouter.Costs;
using MeaiRouter.Endpoints;
using MeaiRouter.Fallback;
using MeaiRouter.Normalization;
using MeaiRouter.Routing;
using Microsoft.Extensions.AI;

namespace MeaiRouter.Core.Tests.Routing;

public sealed class GetServiceTests
{
    public static TheoryData<string> Compositions => [.. Clients(new FakeChatClient()).Keys];

    [Theory]
    [MemberData(nameof(Compositions))]
    public void Metadata_is_never_null_whatever_is_inside(string composition)
    {
        Assert.NotNull(Clients(new FakeChatClient())[composition].GetService<ChatClientMetadata>());
        Assert.NotNull(Clients(new FakeChatClient { Metadata = new("acme") })[composition].GetService<ChatClientMetadata>());
    }

    [Theory]
    [MemberData(nameof(Compositions))]
    public void A_layer_finds_itself_and_a_key_is_never_its_own(string composition)
    {
        var client = Clients(new FakeChatClient())[composition];

        Assert.Same(client, client.GetService(client.GetType()));
        Assert.Same(client, client.GetService<IChatClient>());
        Assert.Null(client.GetService(client.GetType(), "key"));
        Assert.Null(client.GetService(typeof(ChatClientMetadata), "key"));
        Assert.Throws<ArgumentNullException>(() => client.GetService(null!));
    }

    [Fact]
    public void Around_one_plain_client_its_metadata_and_services_shine_through()
    {
        var metadata = new ChatClientMetadata("acme", new Uri("https://acme.example"), "acme-1");
        var provider = new FakeChatClient { Metadata = metadata, Service = "a service" };
        IChatClient[] layers = [new CostTrackingChatClient(provider), new FallbackChatClient(provider), new NormalizingChatClient(provider)];

        Assert.All(layers, layer =>
        {
            Assert.Same(metadata, layer.GetService<ChatClientMetadata>());
            Assert.Equal("a service", layer.GetService<string>());
            Assert.Same(provider, layer.GetService<FakeChatClient>());
            Assert.Same(provider, layer.GetService(typeof(IChatClient), "fake"));
        });
    }

    [Fact]
    public void A_router_is_known_by_its_default_model()
    {
        var metadata = TestPipeline.Of(new FakeChatClient { Metadata = new("acme", null, "acme-1") }).GetService<ChatClientMetadata>()!;

        Assert.Equal(("meairouter", null, TestPipeline.ModelId), (metadata.ProviderName, metadata.ProviderUri, metadata.DefaultModelId));
    }

    [Fact]
    public void The_terminal_never_hands_out_a_providers_client_or_what_it_offers()
    {
        var pipeline = TestPipeline.Of(new FakeChatClient { Service = "a tool-invoking layer" });

        Assert.Null(pipeline.GetService<FakeChatClient>());
        Assert.Null(pipeline.GetService<string>());
        Assert.Null(pipeline.GetService(typeof(IChatClient), "fake"));
        Assert.NotNull(pipeline.GetService<EndpointChatClient>());
    }

    [Fact]
    public void With_backups_nothing_of_a_single_client_is_handed_out_with_or_without_a_key()
    {
        var primary = new FakeChatClient { Service = "a tool-invoking layer", Metadata = new("acme") };
        var fallback = new FallbackChatClient(primary, [new FakeChatClient { Service = "another" }]);

        Assert.Null(fallback.GetService<string>());
        Assert.Null(fallback.GetService<FakeChatClient>());
        Assert.Null(fallback.GetService(typeof(FakeChatClient), "fake"));
        Assert.Null(fallback.GetService(typeof(IChatClient), "fake"));
        Assert.Same(fallback, fallback.GetService<IChatClient>());
        Assert.Equal("acme", fallback.GetService<ChatClientMetadata>()!.ProviderName);
    }

    private static Dictionary<string, IChatClient> Clients(FakeChatClient inner) => new()
    {
        ["terminal"] = TestPipeline.Endpoint(inner),
        ["cost"] = new CostTrackingChatClient(inner),
        ["router"] = new RouterChatClient(inner, TestPipeline.Catalog(1)),
        ["fallback"] = new FallbackChatClient(inner),
        ["fallback with backups"] = new FallbackChatClient(inner, [new FakeChatClient()]),
        ["normalization"] = new NormalizingChatClient(inner),
        ["cost, fallback"] = new CostTrackingChatClient(new FallbackChatClient(inner)),
        ["cost, fallback, terminal"] = new CostTrackingChatClient(new FallbackChatClient(TestPipeline.Endpoint(inner))),
        ["cost, stranger, normalization"] = new CostTrackingChatClient(new PassThrough(new NormalizingChatClient(inner))),
        ["whole"] = TestPipeline.Of(inner),
        ["fallback over pipelines"] = new FallbackChatClient(TestPipeline.Of(inner), [TestPipeline.Of(inner)]),
    };
}
