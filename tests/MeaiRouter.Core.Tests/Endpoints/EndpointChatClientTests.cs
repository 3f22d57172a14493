using MeaiRouter.Attempts;
using MeaiRouter.Catalog;
using MeaiRouter.Core.Tests.Fakes;
using MeaiRouter.Endpoints;
using MeaiRouter.Fallback;
using MeaiRouter.Routing;
using Microsoft.Extensions.AI;

namespace MeaiRouter.Core.Tests.Endpoints;

public sealed class EndpointChatClientTests
{
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task The_chosen_endpoint_decides_the_provider_whatever_the_case_of_its_name(bool streaming)
    {
        var (eu, us) = (FakeChatClient.Answering("eu"), FakeChatClient.Answering("us"));
        var catalog = new ModelCatalog([new Model("m") { Endpoints = [new ModelEndpoint("ACME-US", "x")] }]);
        var terminal = new EndpointChatClient(new Dictionary<string, IChatClient> { ["acme-eu"] = eu, ["acme-us"] = us });

        var response = await new RouterChatClient(terminal, catalog).AskAsync(streaming, new() { ModelId = "m" });

        Assert.Equal("us", response.Text);
        Assert.Equal("x", us.Call.Options!.ModelId);
        Assert.Empty(eu.Calls);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_single_provider_needs_no_router(bool streaming)
    {
        var provider = FakeChatClient.Answering("Hello");

        Assert.Equal("Hello", (await TestPipeline.Endpoint(provider).AskAsync(streaming)).Text);
        Assert.Null(provider.Call.Options);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Several_providers_without_a_router_are_refused_with_the_remedy(bool streaming)
    {
        var fallback = new FallbackChatClient(TestPipeline.Endpoint(new FakeChatClient(), new FakeChatClient()));

        var refused = await fallback.AskInVainAsync(streaming);

        Assert.Equal(FailureKind.NoEndpoint, refused.Kind);
        Assert.Equal("meairouter: No router chose among the providers a, b. Add UseRouting to the pipeline.", refused.Message);
        Assert.Equal(["meairouter Failed NoEndpoint"], refused.Attempts.Told());
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Disposal_reaches_every_provider_unless_they_outlive_the_pipeline(bool leaveOpen)
    {
        FakeChatClient[] providers = [new(), new()];
        var clients = new Dictionary<string, IChatClient> { ["a"] = providers[0], ["b"] = providers[1] };

        new FallbackChatClient(new PassThrough(new EndpointChatClient(clients, leaveOpen))).Dispose();

        Assert.All(providers, provider => Assert.Equal(leaveOpen ? 0 : 1, provider.Disposals));
    }

    [Fact]
    public void A_terminal_without_providers_is_refused() => Assert.Equal(
        "A pipeline needs at least one provider. (Parameter 'providers')",
        Assert.Throws<ArgumentException>(() => new EndpointChatClient(new Dictionary<string, IChatClient>())).Message);

    [Fact]
    public void The_providers_are_named() =>
        Assert.Equal(["a", "b"], TestPipeline.Endpoint(new FakeChatClient(), new FakeChatClient()).Providers.Order());
}
