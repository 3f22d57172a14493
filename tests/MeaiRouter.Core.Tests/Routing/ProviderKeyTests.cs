using System.Text.Json;
using MeaiRouter.Attempts;
using MeaiRouter.Catalog;
using MeaiRouter.Core.Tests.Fakes;
using MeaiRouter.Endpoints;
using MeaiRouter.Fallback;
using MeaiRouter.Keys;
using MeaiRouter.Pricing;
using MeaiRouter.Routing;
using Microsoft.Extensions.AI;

namespace MeaiRouter.Core.Tests.Routing;

/// <summary>Keys of the caller's own: which endpoints are called with them, and when. OpenRouter's BYOK.</summary>
public sealed class ProviderKeyTests
{
    private const string Secret = "sk-very-secret";

    private static readonly ProviderKey Mine = new("mine", Secret);
    private static readonly ProviderKey Other = new("other", "sk-other-secret");

    [Fact]
    public void OpenRouters_example_comes_out_as_documented() => AssertPlan(
        ["vertex mine", "bedrock", "vertex"], Asking(new() { Order = ["bedrock", "vertex"], Only = ["bedrock", "vertex"] }).WithProviderKey("vertex", Mine));

    [Fact]
    public void Prioritized_keys_go_first_and_fallback_keys_last_each_in_the_order_of_the_endpoints()
    {
        AssertPlan(
            ["vertex other", "azure other", "bedrock", "vertex", "azure", "bedrock mine", "azure mine"],
            Asking(new() { Order = ["bedrock", "vertex"], Only = ["azure", "bedrock", "vertex"] })
                .WithProviderKey("azure", Mine, ProviderKeyUse.Fallback)
                .WithProviderKey("azure", Other)
                .WithProviderKey("vertex", Other)
                .WithProviderKey("bedrock", Mine, ProviderKeyUse.Fallback));
        AssertPlan(["azure mine", "azure other", "azure"], Asking(new() { Only = ["azure"] }).WithProviderKey("AZURE", Mine).WithProviderKey("azure", Other));
    }

    [Fact]
    public void A_key_that_is_always_used_takes_the_shared_endpoint_out() => AssertPlan(
        ["vertex mine", "azure", "bedrock"],
        Asking(new() { Only = ["azure", "bedrock", "vertex"] }).WithProviderKey("vertex", Mine, ProviderKeyUse.Always),
        "other (only) Not among the allowed: azure, bedrock, vertex.",
        "vertex (provider_key) The request calls its provider with a key of its own only.");

    [Fact]
    public void Filters_apply_to_the_callers_keys_too() => AssertPlan(
        ["azure"],
        Asking(new() { ZeroDataRetention = true }).WithProviderKey("vertex", Mine),
        "bedrock (data_policy:zdr) It is not known whether it keeps prompts. If it does not, set DataPolicy.Retention of its provider to 'none'.",
        "other (data_policy:zdr) It is not known whether it keeps prompts. If it does not, set DataPolicy.Retention of its provider to 'none'.",
        "vertex (data_policy:zdr) It is not known whether it keeps prompts. If it does not, set DataPolicy.Retention of its provider to 'none'.");

    [Fact]
    public void Keys_cross_models_only_where_all_models_are_sorted_together()
    {
        RoutingPreferences Sorted(SortPartition partition) =>
            new() { Models = ["n"], Sort = new(EndpointSort.Price, partition), Only = ["azure", "vertex"] };

        Assert.Equal(
            ["m vertex mine", "m azure", "m vertex", "n vertex mine", "n vertex"],
            Names(Explain(Asking(Sorted(SortPartition.Model)).WithProviderKey("vertex", Mine)), withModels: true));
        Assert.Equal(
            ["n vertex mine", "m vertex mine", "m azure", "n vertex", "m vertex"],
            Names(Explain(Asking(Sorted(SortPartition.None)).WithProviderKey("vertex", Mine)), withModels: true));
    }

    [Fact]
    public void Nothing_is_balanced_for_whoever_brings_a_key()
    {
        for (var seed = 0UL; seed < 50; seed++)
        {
            var plan = Explain(Asking(new()).WithProviderKey("vertex", Mine).WithRouteSeed(seed), new RoutingOptions());

            Assert.Equal("price", plan.Strategy);
            Assert.Equal(["vertex mine", "azure", "bedrock", "vertex", "other"], Names(plan));
        }

        // A key for nobody of this model changes nothing.
        Assert.Equal("balanced", Explain(Asking(new() { Ignore = ["vertex"] }).WithProviderKey("vertex", Mine), new RoutingOptions()).Strategy);
    }

    [Fact]
    public void Wishes_for_speed_do_not_move_a_prioritized_key()
    {
        var routing = new RoutingOptions { Strategy = new CheapestFirst() };
        var vertex = Catalog.Find("m")!.Endpoints.Single(endpoint => endpoint.Tag == "vertex");
        for (var i = 0; i < 10; i++)
            MeaiRouter.Core.Tests.Health.Observed.Answer(routing.Health.For(Catalog.Find("m")!, vertex), wait: 5, total: 6);

        var plan = Explain(Asking(new() { PreferredMaxLatency = 1, Only = ["vertex", "azure"] }).WithProviderKey("vertex", Mine), routing);

        Assert.Equal(["vertex mine", "azure", "vertex"], Names(plan));
    }

    [Fact]
    public void A_client_that_takes_no_keys_is_called_with_its_own_and_the_plan_says_so()
    {
        var plan = Explain(Asking(new() { Only = ["other", "azure"] }).WithProviderKey("other", Mine));

        Assert.Equal(["azure", "other"], Names(plan));
        Assert.Equal(["The client of 'other' takes no key of the caller's."], plan.Notes);
    }

    [Fact]
    public void Where_only_the_callers_key_may_be_used_a_client_that_takes_none_is_left_out()
    {
        const string Reason = "The request calls its provider with a key of its own only, and the provider's client takes none.";

        AssertPlan(
            ["azure"], Asking(new() { Only = ["other", "azure"] }).WithProviderKey("other", Mine, ProviderKeyUse.Always),
            "bedrock (only) Not among the allowed: other, azure.",
            $"other (provider_key) {Reason}",
            "vertex (only) Not among the allowed: other, azure.");
        var refused = Assert.Throws<RouterException>(() => Explain(Asking(new() { Only = ["other"] }).WithProviderKey("other", Mine, ProviderKeyUse.Always)));
        Assert.Contains($"other/x (provider_key): {Reason}", refused.Message, StringComparison.Ordinal);
        Assert.Contains("without provider_key, other/x could", refused.Message, StringComparison.Ordinal);
        Assert.EndsWith(" The client of 'other' takes no key of the caller's.", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_key_for_a_provider_nobody_knows_is_noted_with_the_nearest_name() => Assert.Equal(
        ["The key for 'vertx' is for no provider of the catalogue. Did you mean 'vertex'?"],
        Explain(Asking(new()).WithProviderKey("vertx", Mine)).Notes);

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task The_attempt_has_the_key_and_the_trace_tells_its_name(bool streaming)
    {
        var client = new RouterChatClient(
            new FallbackChatClient(Terminal(new RouterException(FailureKind.Unavailable, "Down."))), Catalog, new RoutingOptions());

        var options = Asking(new() { Order = ["vertex", "azure"], AllowFallbacks = false }).WithProviderKey("vertex", Mine);
        var trace = (await client.AskAsync(streaming, options)).Trace();

        Assert.Equal(["vertex Failed Unavailable", "vertex Failed Unavailable", "azure Answered"], trace.Attempts.Told());
        Assert.Equal(["mine", null, null], trace.Attempts.Select(attempt => attempt.KeyName));
        Assert.Equal((Mine.Secret, true), (trace.Attempts[0].Key!.Secret, trace.Attempts[0].IsByok));
        Assert.Equal([0, 1, 2], trace.Candidates.Select(candidate => candidate.Attempt!.Index));
        Assert.Contains("m at vertex/x with mine: failed", trace.ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task The_secret_shows_nowhere(bool streaming)
    {
        var provider = FakeChatClient.Answering("Hi.");
        var client = new RouterChatClient(new FallbackChatClient(Terminal(null, provider)), Catalog, new RoutingOptions());
        var options = Asking(new() { Order = ["vertex"] }).WithProviderKey("vertex", Secret);

        var response = await client.AskAsync(streaming, options);

        var trace = response.Trace();
        var plan = client.Explain(Planning.Hello, options);
        Assert.Equal("vertex", plan.Candidates[0].Endpoint.Tag);
        var name = plan.Candidates[0].Key!.Name;
        Assert.Matches("^caller-[0-9a-f]{16}$", name);
        Assert.Equal(name, client.Explain(Planning.Hello, Asking(new() { Order = ["vertex"] }).WithProviderKey("vertex", Secret)).Candidates[0].Key!.Name);
        Assert.NotEqual(name, client.Explain(Planning.Hello, Asking(new() { Order = ["vertex"] }).WithProviderKey("vertex", Secret + "2")).Candidates[0].Key!.Name);

        Assert.Null(provider.Call.Options!.AdditionalProperties);
        string[] shown =
        [
            trace.ToString(), plan.ToString(), $"{plan.Candidates[0]}", $"{trace.Attempts[0]}", $"{options.AdditionalProperties!.Values.Last()}",
            JsonSerializer.Serialize(trace), JsonSerializer.Serialize(plan.Candidates[0].Key), JsonSerializer.Serialize(trace.Attempts),
            JsonSerializer.Serialize(options.AdditionalProperties, AIJsonUtilities.DefaultOptions), JsonSerializer.Serialize(options.AdditionalProperties),
            JsonSerializer.Serialize(response, AIJsonUtilities.DefaultOptions), name,
        ];
        Assert.All(shown, text => Assert.DoesNotContain(Secret, text, StringComparison.Ordinal));
        Assert.All(shown, text => Assert.DoesNotContain("very-secret", text, StringComparison.Ordinal));
    }

    [Fact]
    public void What_makes_no_key_is_refused()
    {
        Assert.Throws<ArgumentException>("provider", () => new ChatOptions().WithProviderKey(" ", Secret));
        Assert.Throws<ArgumentException>("secret", () => new ChatOptions().WithProviderKey("vertex", " "));
        Assert.Throws<ArgumentOutOfRangeException>("use", () => new ChatOptions().WithProviderKey("vertex", Mine, (ProviderKeyUse)7));
    }

    // Cheapest first: azure, bedrock, vertex, other.
    private static readonly ModelCatalog Catalog = new(
    [
        new Model("m") { Endpoints = [At("azure", 1) with { DataPolicy = new DataPolicy { Retention = "none" } }, At("bedrock", 2), At("vertex", 5), At("other", 9)] },
        new Model("n") { Endpoints = [At("vertex", 3)] },
    ]);

    private static ModelEndpoint At(string provider, decimal price) => new(provider, "x") { Price = Price.PerMillion(price, price) };

    private static ChatOptions Asking(RoutingPreferences preferences) => new ChatOptions { ModelId = "m" }.WithRouting(preferences);

    private static EndpointChatClient Terminal(Exception? ofVertex = null, FakeChatClient? vertex = null) => new(new Dictionary<string, IChatClient>
    {
        ["azure"] = Answering("a"),
        ["bedrock"] = Answering("b"),
        ["vertex"] = new Keyed(vertex ?? new FakeChatClient(ofVertex is null ? FakeChatClient.Answer("v") : [ofVertex])),
        ["other"] = FakeChatClient.Answering("o"),
    });

    private static Keyed Answering(string text) => new(FakeChatClient.Answering(text));

    private static RoutePlan Explain(ChatOptions options, RoutingOptions? routing = null)
    {
        using var router = new RouterChatClient(Terminal(), Catalog, routing ?? new RoutingOptions { Strategy = new CheapestFirst() });
        return router.Explain(Planning.Hello, options);
    }

    private static string[] Names(RoutePlan plan, bool withModels = false) =>
        [.. plan.Candidates.Select(candidate => $"{(withModels ? candidate.Model + " " : "")}{candidate.Endpoint.Tag} {candidate.Key}".TrimEnd())];

    private static void AssertPlan(string[] candidates, ChatOptions options, params string[] reasons)
    {
        var plan = Explain(options);
        Assert.Equal(candidates, Names(plan));
        if (reasons.Length > 0)
            Assert.Equal(reasons.Order(), plan.Reasons().Order());
    }

    /// <summary>Can be called with any key.</summary>
    private sealed class Keyed(IChatClient inner) : DelegatingChatClient(inner), IKeyedChatClient
    {
        public IReadOnlyList<ProviderKey> Keys => [];

        public IChatClient WithKey(ProviderKey key) => this;
    }
}
