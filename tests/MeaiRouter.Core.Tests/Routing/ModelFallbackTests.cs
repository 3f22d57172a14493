using MeaiRouter.Attempts;
using MeaiRouter.Catalog;
using MeaiRouter.Core.Tests.Fakes;
using MeaiRouter.Endpoints;
using MeaiRouter.Fallback;
using MeaiRouter.Pricing;
using MeaiRouter.Routing;
using Microsoft.Extensions.AI;

namespace MeaiRouter.Core.Tests.Routing;

/// <summary>Entries of a list of models that say more than a name.</summary>
public sealed class ModelFallbackTests
{
    private static readonly Exception Down = new RouterException(FailureKind.Unavailable, "Down.");

    private static readonly ModelCatalog Catalog = new(
        [
            new Model("m") { Endpoints = [At("a", 1), At("b", 2)] },
            new Model("n") { MaxOutputTokens = 50, Endpoints = [At("c", 1), At("d", 2)] },
        ],
        new Dictionary<string, string> { ["alias"] = "m" });

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task What_an_entry_says_holds_for_attempts_at_its_model_and_for_no_others(bool streaming)
    {
        var (a, c) = (FakeChatClient.Playing(Down), FakeChatClient.Answering("c"));
        var entry = new ModelFallback("n")
        {
            Temperature = 0, TopP = 0.25f, TopK = 3, FrequencyPenalty = 1, PresencePenalty = 2, MaxOutputTokens = 9, Seed = 5, StopSequences = ["."],
            Reasoning = new ReasoningOptions { Effort = ReasoningEffort.Low }, Headers = new Dictionary<string, string> { ["X-Team"] = "blue" },
        };
        var options = Asking(entry);
        (options.Temperature, options.MaxOutputTokens, options.StopSequences) = (1, 7, ["!"]);

        var response = await Pipeline(a, c).AskAsync(streaming, options);

        Assert.Equal("c", response.Text);
        Assert.Equal((1f, null, 7, null), (a.Call.Options!.Temperature, a.Call.Options.TopP, a.Call.Options.MaxOutputTokens, a.Call.Options.Reasoning?.Effort));
        Assert.Equal(["!"], a.Call.Options.StopSequences!);
        Assert.Null(a.Call.Options.AdditionalProperties);
        var sent = c.Call.Options!;
        Assert.Equal((0f, 0.25f, 3, 1f, 2f), (sent.Temperature, sent.TopP, sent.TopK, sent.FrequencyPenalty, sent.PresencePenalty));
        Assert.Equal((9, 5L, ReasoningEffort.Low), (sent.MaxOutputTokens, sent.Seed, sent.Reasoning?.Effort));
        Assert.Equal(["."], sent.StopSequences!);
        var (key, headers) = Assert.Single(sent.AdditionalProperties!);
        Assert.Equal(RequestHeaders.Key, key);
        Assert.Equal([new("X-Team", "blue")], Assert.IsType<IReadOnlyDictionary<string, string>>(headers, exactMatch: false));
        Assert.Equal((1f, 7), (options.Temperature, options.MaxOutputTokens));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Without_a_fallback_layer_they_hold_too(bool streaming)
    {
        var provider = FakeChatClient.Answering("Hi.");
        var router = new RouterChatClient(provider, Catalog, new RoutingOptions());

        await router.AskAsync(streaming, new ChatOptions { Temperature = 1 }.WithRouting(new() { Models = [new ModelFallback("n") { Temperature = 0 }] }));

        Assert.Equal(0, provider.Call.Options!.Temperature);
    }

    [Fact]
    public void Its_preferences_choose_among_its_endpoints_only()
    {
        var plan = Explain(new() { Ignore = ["a"], Models = [new ModelFallback("n") { Preferences = new() { Order = ["d"] } }] });

        Assert.Equal(["m b", "n d", "n c"], plan.ModelsAndTags());
        Assert.Equal(["a (ignore) The request ignores it."], plan.Reasons());
        Assert.Equal("cheapest-first", plan.Strategy);

        Assert.Equal(["m a", "m b", "n d"], Explain(new() { Models = [new ModelFallback("n") { Preferences = new() { Only = ["d"] } }] }).ModelsAndTags());
        Assert.Equal(["m b", "n c"], Explain(new() { Only = ["b"], Models = [new ModelFallback("n") { Preferences = new() { Only = ["c"] } }] }).ModelsAndTags());
    }

    [Fact]
    public void It_can_be_stricter_than_the_request_and_never_laxer_in_what_providers_keep()
    {
        Assert.Equal(["m a", "m b"], Explain(new() { Models = [new ModelFallback("n") { Preferences = new() { ZeroDataRetention = true } }] }).ModelsAndTags());

        var refused = Assert.Throws<RouterException>(
            () => Explain(new() { ZeroDataRetention = true, Models = [new ModelFallback("n") { Preferences = RoutingPreferences.None }] }));
        Assert.Equal(["data_policy:zdr"], refused.ExcludedBy);
    }

    [Fact]
    public void Its_sort_or_strategy_wins_over_the_requests()
    {
        var (request, own, named) = (new NamedStrategy("price"), new NamedStrategy("latency"), new NamedStrategy("mine"));
        var routing = new RoutingOptions { Strategies = [request, own, named] };

        Catalog.Explain(
            Asking(new ModelFallback("n") { Preferences = new() { Sort = EndpointSort.Latency } }, new() { Sort = EndpointSort.Price }), routing);
        Catalog.Explain(
            new ChatOptions { ModelId = "n:floor" }.WithRouting(new() { Models = [new ModelFallback("n") { Preferences = new() { Strategy = "mine" } }] }), routing);

        Assert.Equal(["a", "b"], request.Given);
        Assert.Equal(["c", "d"], own.Given);
        Assert.Equal(["c", "d"], named.Given);
    }

    [Fact]
    public void Without_fallbacks_of_its_own_the_rest_of_its_endpoints_are_left_out()
    {
        var plan = Explain(new() { Models = [new ModelFallback("n") { Preferences = new() { AllowFallbacks = false } }] });

        Assert.Equal(["m a", "m b", "n c"], plan.ModelsAndTags());
        Assert.Equal(["d (allow_fallbacks) The request allows no fallbacks."], plan.Reasons());
    }

    [Fact]
    public void Filters_see_its_parameters()
    {
        Assert.Equal(["m a", "m b"], Explain(new() { Models = [new ModelFallback("n") { MaxOutputTokens = 51 }] }).ModelsAndTags());

        var options = Asking(new ModelFallback("n") { MaxOutputTokens = 50 });
        options.MaxOutputTokens = 60;
        Assert.Equal(["m a", "m b", "n c", "n d"], Catalog.Explain(options, Cheapest).ModelsAndTags());
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task An_entry_that_names_the_requests_own_model_again_speaks_for_it(bool streaming)
    {
        var a = FakeChatClient.Answering("a");
        var options = new ChatOptions { ModelId = "m" }.WithRouting(new() { Models = [new ModelFallback("alias") { Temperature = 0 }, new ModelFallback("m") { Temperature = 2 }, "n"] });

        var trace = (await Pipeline(a, FakeChatClient.Answering("c")).AskAsync(streaming, options)).Trace();

        Assert.Equal(["a", "b", "c", "d"], trace.Candidates.Select(candidate => candidate.Candidate.Endpoint.Tag));
        Assert.Equal(0, a.Call.Options!.Temperature);
    }

    [Fact]
    public void Preferences_that_only_a_request_may_have_are_refused()
    {
        AssertRefused("The preferences of 'n' have models or a preset, which only a request may have.", new() { Models = ["m"] });
        AssertRefused("The preferences of 'n' have models or a preset, which only a request may have.", new() { Preset = "p" });
        AssertRefused("The sort of 'n' reaches over models, which only the request's may.", new() { Sort = new(EndpointSort.Price, SortPartition.None) });
        AssertRefused(
            "'n' has an order, sort or strategy of its own, and the request sorts all models together. Remove one.",
            new() { Order = ["c"] }, new() { Sort = new(EndpointSort.Price, SortPartition.None) });
        AssertRefused("'fp9' is not a quantization. Did you mean 'fp4', 'fp6' or 'fp8'?", new() { Quantizations = ["fp9"] });
    }

    [Theory]
    [InlineData("Authorization", "Bearer x", "The header 'Authorization' is the provider's client's own. Configure it there, or remove it. (Parameter 'value')")]
    [InlineData("X-API-Key", "x", "The header 'X-API-Key' is the provider's client's own. Configure it there, or remove it. (Parameter 'value')")]
    [InlineData("host", "x", "The header 'host' is the provider's client's own. Configure it there, or remove it. (Parameter 'value')")]
    [InlineData("content-length", "0", "The header 'content-length' is the provider's client's own. Configure it there, or remove it. (Parameter 'value')")]
    [InlineData("X Team", "x", "'X Team' is not the name of a header. Use letters, digits and hyphens. (Parameter 'value')")]
    [InlineData("X-Team", "a\r\nX-Other: b", "The header 'X-Team' has a value that is missing or holds other characters than printable ASCII. (Parameter 'value')")]
    public void Headers_that_are_not_the_requests_to_set_are_refused(string name, string value, string says) => Assert.Equal(
        says, Assert.Throws<ArgumentException>(() => new ModelFallback("m") { Headers = new Dictionary<string, string> { [name] = value } }).Message);

    [Fact]
    public void Its_headers_join_those_of_the_request()
    {
        var options = new ChatOptions
        {
            AdditionalProperties = new() { [RequestHeaders.Key] = new Dictionary<string, string> { ["x-team"] = "red", ["X-Trace"] = "1" } },
        };

        new ModelFallback("m") { Headers = new Dictionary<string, string> { ["X-Team"] = "blue" } }.ApplyTo(options);

        var headers = (IReadOnlyDictionary<string, string>)options.AdditionalProperties[RequestHeaders.Key]!;
        Assert.Equal((2, "blue", "1"), (headers.Count, headers["X-Team"], headers["X-Trace"]));
    }

    private static RoutingOptions Cheapest => new() { Strategy = new CheapestFirst() };

    private static ModelEndpoint At(string provider, decimal price) => new(provider, "x") { Price = Price.PerMillion(price, price) };

    private static ChatOptions Asking(ModelFallback entry, RoutingPreferences? preferences = null) =>
        new ChatOptions { ModelId = "m" }.WithRouting((preferences ?? RoutingPreferences.None) with { Models = [entry] });

    private static RoutePlan Explain(RoutingPreferences preferences) =>
        Catalog.Explain(new ChatOptions { ModelId = "m" }.WithRouting(preferences), Cheapest);

    private static RouterChatClient Pipeline(FakeChatClient a, FakeChatClient c) => new(
        new FallbackChatClient(new EndpointChatClient(new Dictionary<string, IChatClient>
        {
            ["a"] = a, ["b"] = FakeChatClient.Playing(Down), ["c"] = c, ["d"] = new FakeChatClient(),
        })),
        Catalog, Cheapest);

    private static void AssertRefused(string says, RoutingPreferences own, RoutingPreferences? request = null)
    {
        var refused = Catalog.Refuse(Asking(new ModelFallback("n") { Preferences = own }, request));
        Assert.Equal((FailureKind.InvalidRequest, says), (refused.Kind, refused.Message));
    }
}
