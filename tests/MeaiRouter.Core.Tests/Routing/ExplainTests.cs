using MeaiRouter.Catalog;
using MeaiRouter.Core.Tests.Fakes;
using MeaiRouter.Costs;
using MeaiRouter.Routing;
using Microsoft.Extensions.AI;

namespace MeaiRouter.Core.Tests.Routing;

public sealed class ExplainTests
{
    [Fact]
    public void Names_of_no_endpoint_are_noted_with_the_nearest_one_and_those_that_serve_other_models_are_not()
    {
        var catalog = new ModelCatalog(
        [
            new Model("m") { Endpoints = [new("together", "x"), new("google-vertex", "x") { Tag = "google-vertex/us-east5" }] },
            new Model("n") { Endpoints = [new("groq", "x")] },
        ]);
        RoutePlan Plan(RoutingPreferences preferences) => catalog.Explain(new ChatOptions { ModelId = "m" }.WithRouting(preferences));

        Assert.Equal(
            [
                "'toghether' in order names no endpoint of the catalogue. Did you mean 'together'?",
                "'google-vertex/us-east4' in ignore names no endpoint of the catalogue. Did you mean 'google-vertex/us-east5'?",
            ],
            Plan(new() { Order = ["toghether", "groq", "Together"], Ignore = ["google-vertex/us-east4"] }).Notes);
        Assert.Empty(Plan(new() { Order = ["groq"], Ignore = ["google-vertex", "GROQ"] }).Notes);
        Assert.Equal(
            ["'grok' in only names no endpoint of the catalogue. Did you mean 'groq'?"], Plan(new() { Only = ["grok", "together"] }).Notes);
        Assert.EndsWith(
            " 'toghether' in only names no endpoint of the catalogue. Did you mean 'together'?",
            catalog.Refuse(new ChatOptions { ModelId = "m" }.WithRouting(new() { Only = ["toghether"] })).Message, StringComparison.Ordinal);
        Assert.Equal(
            [$"'{new string('x', 10_000)}' in order names no endpoint of the catalogue."], Plan(new() { Order = [new string('x', 10_000)] }).Notes);
    }

    [Fact]
    public void Explaining_calls_nobody_and_says_what_a_call_would_do()
    {
        var provider = new FakeChatClient();
        var router = new RouterChatClient(TestPipeline.Endpoint(provider, provider, provider), TestPipeline.Catalog(3), TestPipeline.Routing);

        var plan = router.Explain(Planning.Hello, new ChatOptions().WithRouting(new() { Ignore = ["b"] }));

        Assert.Equal(
            string.Join(
                Environment.NewLine,
                "acme/large cheapest-first 7",
                "acme/large at a/large-a",
                "acme/large at c/large-c",
                "acme/large at b/large-b: left out by ignore. The request ignores it."),
            plan.ToString());
        Assert.Empty(provider.Calls);
    }

    [Fact]
    public void A_pipeline_explains_through_its_router() => Assert.Equal(
        ["a", "b"], TestPipeline.Of(new FakeChatClient(), new FakeChatClient()).GetService<RouterChatClient>()!.Explain(Planning.Hello).Tags());

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task The_seed_of_a_plan_or_a_trace_repeats_the_plan(bool streaming)
    {
        var provider = FakeChatClient.Answering("Hello");
        var catalog = TestPipeline.Catalog(6);
        var router = new CostTrackingChatClient(new RouterChatClient(provider, catalog));
        var orders = new HashSet<string>();
        for (var i = 0; i < 30; i++)
        {
            var plan = router.GetService<RouterChatClient>()!.Explain(Planning.Hello, new() { ModelId = TestPipeline.ModelId });
            var trace = (await router.AskAsync(streaming, new ChatOptions { ModelId = TestPipeline.ModelId }.WithRouteSeed(plan.Seed))).Trace();
            var again = router.GetService<RouterChatClient>()!.Explain(Planning.Hello, new ChatOptions { ModelId = TestPipeline.ModelId }.WithRouteSeed(trace.Seed!.Value));

            Assert.Equal(plan.Seed, trace.Seed);
            Assert.Equal(plan.Tags(), trace.Candidates.Select(candidate => candidate.Candidate.Endpoint.Tag));
            Assert.Equal(plan.Tags(), again.Tags());
            orders.Add(string.Join(' ', plan.Tags()));
        }

        Assert.True(orders.Count > 1);
    }

    [Fact]
    public void Options_are_not_changed_by_explaining()
    {
        var options = new ChatOptions { ModelId = TestPipeline.ModelId }.WithRouteSeed(ulong.MaxValue);

        var plan = TestPipeline.Catalog(1).Explain(options);

        Assert.Equal(ulong.MaxValue, plan.Seed);
        Assert.Equal(["meairouter.seed"], options.AdditionalProperties!.Keys);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task No_provider_sees_what_a_request_asks_of_routing(bool streaming)
    {
        var provider = FakeChatClient.Answering("Hello");
        var catalog = new ModelCatalog([new Model("m") { Endpoints = [new ModelEndpoint("a", "m") { DataPolicy = new() { AllowedDataClasses = ["pii"] } }] }]);
        var options = new ChatOptions { ModelId = "m", AdditionalProperties = new() { ["mine"] = 1 } }
            .WithPolicy(new()).WithDataClass("pii").WithRouteSeed(1).WithRouting(new() { Only = ["a"] }).WithRequestId("id");

        await new RouterChatClient(provider, catalog).AskAsync(streaming, options);

        Assert.Equal(["mine"], provider.Call.Options!.AdditionalProperties!.Keys);
        Assert.Equal(6, options.AdditionalProperties!.Count);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_pipeline_within_a_pipeline_honours_policies_and_data_classes_too(bool streaming)
    {
        var provider = new FakeChatClient();
        var inner = TestPipeline.Of(provider);
        var outer = new MeaiRouter.Fallback.FallbackChatClient(inner, [FakeChatClient.Answering("Never")]);

        var refused = await outer.AskInVainAsync(streaming, new ChatOptions { ModelId = TestPipeline.ModelId }.WithDataClass("pii").WithPolicy(new() { ZeroDataRetention = true }));

        Assert.Contains("a/large-a (data_policy:zdr)", refused.Message, StringComparison.Ordinal);
        Assert.Empty(provider.Calls);
    }
}
