using MeaiRouter.Attempts;
using MeaiRouter.Catalog;
using MeaiRouter.Core.Tests.Fakes;
using MeaiRouter.Fallback;
using MeaiRouter.Pricing;
using MeaiRouter.Routing;
using Microsoft.Extensions.AI;

namespace MeaiRouter.Core.Tests.Routing;

public sealed class RouterChatClientTests
{
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Alone_around_a_plain_client_it_chooses_the_model_and_hides_what_is_ours(bool streaming)
    {
        var provider = FakeChatClient.Answering("Hello", model: "large-a-2026");
        var router = new RouterChatClient(provider, TestPipeline.Catalog(2), TestPipeline.Routing);
        var options = new ChatOptions { ModelId = "ACME/large", Temperature = 0.5f, AdditionalProperties = new() { ["mine"] = 1 } }
            .WithRouting(new() { Order = ["b"] })
            .WithRequestId("my-request");

        var response = await router.AskAsync(streaming, options);

        Assert.Equal("Hello", response.Text);
        Assert.Equal(("large-b", 0.5f), (provider.Call.Options!.ModelId, provider.Call.Options.Temperature));
        Assert.Equal(["mine"], provider.Call.Options.AdditionalProperties!.Keys);
        var trace = response.Trace();
        Assert.Equal(("my-request", "ACME/large", "order", (ulong?)7), (trace.Id, trace.RequestedModel, trace.Strategy, trace.Seed));
        Assert.Equal(["b Answered"], trace.Attempts.Told());
        Assert.Equal("large-a-2026", trace.Answer!.ServedModel);
        Assert.Equal(["answered", "not tried, an earlier one settled the request"], trace.Candidates.Select(candidate => candidate.Fate));
        Assert.Null(response.GetCost());
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Without_a_fallback_layer_the_first_endpoint_is_called_and_its_failure_is_the_callers(bool streaming)
    {
        var thrown = new HttpRequestException("Down.", null, System.Net.HttpStatusCode.ServiceUnavailable);
        var provider = FakeChatClient.Playing(thrown);
        var router = new RouterChatClient(provider, TestPipeline.Catalog(2), TestPipeline.Routing);

        Assert.Same(thrown, await Assert.ThrowsAsync<HttpRequestException>(() => router.AskAsync(streaming)));
        Assert.Equal("large-a", provider.Call.Options!.ModelId);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task An_unknown_model_reaches_no_provider(bool streaming)
    {
        var provider = FakeChatClient.Answering("Hello");

        var refused = await TestPipeline.Of(provider).AskInVainAsync(streaming, new() { ModelId = "acme/larg" });

        Assert.Equal(
            (FailureKind.UnknownModel, "'acme/larg' is not a model of the catalogue. Did you mean 'acme/large'?"),
            (refused.Kind, refused.Message));
        Assert.Empty(provider.Calls);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_request_without_a_model_is_traced_under_the_default_that_served_it(bool streaming)
    {
        var trace = (await TestPipeline.Of(FakeChatClient.Answering("Hello")).AskAsync(streaming)).Trace();

        Assert.Equal(TestPipeline.ModelId, trace.RequestedModel);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task The_seed_in_the_trace_repeats_the_decision(bool streaming)
    {
        var catalog = new ModelCatalog([TestPipeline.Model(4)]);
        for (var i = 0; i < 20; i++)
        {
            var first = await AskAsync(new RoutingOptions());
            var again = await AskAsync(new RoutingOptions { NextSeed = () => first.Seed!.Value });

            Assert.Equal(
                first.Candidates.Select(candidate => candidate.Candidate.Endpoint.Tag),
                again.Candidates.Select(candidate => candidate.Candidate.Endpoint.Tag));
        }

        async Task<RouteTrace> AskAsync(RoutingOptions options) =>
            (await new RouterChatClient(FakeChatClient.Answering("Hello"), catalog, options).AskAsync(streaming, new() { ModelId = TestPipeline.ModelId })).Trace();
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_strategy_of_the_users_own_orders_the_endpoints_and_is_named_in_the_trace(bool streaming)
    {
        FakeChatClient[] providers = [FakeChatClient.Answering("a"), FakeChatClient.Answering("b"), FakeChatClient.Answering("c")];
        var router = new RouterChatClient(
            new FallbackChatClient(TestPipeline.Endpoint(providers)), TestPipeline.Catalog(3), new RoutingOptions { Strategy = new Reversed() });

        var response = await router.AskAsync(streaming, new() { ModelId = TestPipeline.ModelId });

        Assert.Equal("c", response.Text);
        Assert.Equal("reversed", response.Trace().Strategy);
        Assert.Equal(["c", "b", "a"], response.Trace().Candidates.Select(candidate => candidate.Candidate.Endpoint.Tag));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task The_trace_names_every_endpoint_and_its_fate(bool streaming)
    {
        var pipeline = TestPipeline.Of(
            FakeChatClient.Playing(new RouterException(FailureKind.RateLimited, "Slow down.") { Status = 429 }),
            FakeChatClient.Answering("Hello"),
            FakeChatClient.Answering("Never"),
            FakeChatClient.Answering("Ignored"));

        var trace = (await pipeline.AskAsync(streaming, new ChatOptions().WithRouting(new() { Ignore = ["d"] }).WithRequestId("id"))).Trace();

        Assert.Equal(
            string.Join(
                Environment.NewLine,
                "id acme/large cheapest-first",
                "acme/large at a/large-a: failed, RateLimited: Slow down.",
                "acme/large at b/large-b: answered",
                "acme/large at c/large-c: not tried, an earlier one settled the request",
                "acme/large at d/large-d: left out by ignore. The request ignores it."),
            trace.ToString());
    }

    [Fact]
    public void A_default_model_that_does_not_exist_is_refused_when_built() => Assert.Equal(
        "The default model 'acme/larg' is not in the catalogue. Did you mean 'acme/large'? (Parameter 'options')",
        Assert.Throws<ArgumentException>(() => new RouterChatClient(
            TestPipeline.Endpoint(new FakeChatClient()), TestPipeline.Catalog(1), new RoutingOptions { DefaultModel = "acme/larg" })).Message);

    [Fact]
    public void An_endpoint_whose_provider_has_no_client_is_refused_when_built()
    {
        var catalog = new ModelCatalog([new Model("m") { Endpoints = [new ModelEndpoint("aa", "x") { Price = Price.Free }] }]);
        var inner = new PassThrough(new FallbackChatClient(TestPipeline.Endpoint(new FakeChatClient())));

        Assert.Equal(
            "The endpoint 'aa/x' of 'm' is served by 'aa', for which the pipeline has no client. Did you mean 'a'? (Parameter 'catalog')",
            Assert.Throws<ArgumentException>(() => new RouterChatClient(inner, catalog)).Message);
    }

    private sealed class Reversed : IRoutingStrategy
    {
        public string Name => "reversed";

        public void Order(Span<Candidate> candidates, in RouteRequest request) => candidates.Reverse();
    }
}
