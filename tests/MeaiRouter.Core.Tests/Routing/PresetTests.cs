using MeaiRouter.Attempts;
using MeaiRouter.Catalog;
using MeaiRouter.Core.Tests.Fakes;
using MeaiRouter.Policies;
using MeaiRouter.Routing;
using Microsoft.Extensions.AI;

namespace MeaiRouter.Core.Tests.Routing;

public sealed class PresetTests
{
    private static readonly Preset Bot = new()
    {
        Models = ["n", "m"],
        Preferences = new() { Order = ["b"], Ignore = ["c"], ZeroDataRetention = false, Strategy = "mine" },
        System = "Be kind.",
        Temperature = 0.5f, TopP = 0.25f, TopK = 3, FrequencyPenalty = 1, PresencePenalty = 2, MaxOutputTokens = 100, Seed = 9,
        StopSequences = ["x"],
        ResponseFormat = ChatResponseFormat.Json,
        Reasoning = new ReasoningOptions { Effort = ReasoningEffort.High },
        Tools = [new NamedTool("search"), new NamedTool("mail")],
    };

    private static readonly ModelCatalog Catalog = new([Of("m"), Of("n"), Of("o")]);

    [Theory]
    [InlineData("@preset/bot", null, new[] { "n b", "n a", "m b", "m a" })]
    [InlineData(null, "bot", new[] { "n b", "n a", "m b", "m a" })]
    [InlineData("o@preset/bot", null, new[] { "o b", "o a" })]
    [InlineData("o", "BOT", new[] { "o b", "o a" })]
    [InlineData("o@preset/bot", "bot", new[] { "o b", "o a" })]
    public void A_preset_gives_models_where_the_request_names_none_and_preferences_in_any_case(string? model, string? preset, string[] expected)
    {
        var plan = Catalog.Explain(new ChatOptions { ModelId = model }.WithRouting(new() { Preset = preset }), Routing());

        Assert.Equal(expected, plan.ModelsAndTags());
        Assert.Equal("order", plan.Strategy);
    }

    [Fact]
    public void What_the_request_says_itself_wins_over_the_preset()
    {
        var plan = Catalog.Explain(
            new ChatOptions { ModelId = "@preset/bot" }.WithRouting(new() { Models = ["o"], Order = ["c"], Ignore = ["a"], AllowFallbacks = true }), Routing());

        Assert.Equal(["o c", "o b"], plan.ModelsAndTags());
    }

    [Fact]
    public void A_variant_of_the_request_wins_over_the_strategy_of_the_preset() => Assert.Equal(
        "price", Catalog.Explain(new() { ModelId = "o:floor@preset/plain" }, Routing()).Strategy);

    [Fact]
    public void The_variant_of_a_preset_without_a_model_is_for_all_models_of_the_preset()
    {
        var routing = Routing("o");
        routing.Presets = new Dictionary<string, Preset> { ["two"] = new() { Models = ["n", "m"], Preferences = new() { Strategy = "mine" } } };

        var plan = Catalog.Explain(new() { ModelId = "@preset/two:floor" }, routing);

        Assert.Equal(("price", "mine"), (plan.Strategy, Catalog.Explain(new() { ModelId = "@preset/two" }, routing).Strategy));
        Assert.Equal(["n", "n", "n", "m", "m", "m"], plan.Candidates.Select(candidate => candidate.Model.Id));
    }

    [Fact]
    public void A_preset_without_models_leaves_the_default() => Assert.Equal(
        ("o", "mine"), (Catalog.Explain(new() { ModelId = "@preset/plain" }, Routing("o")).Candidates[0].Model.Id, Catalog.Explain(new() { ModelId = "@preset/plain" }, Routing("o")).Strategy));

    [Fact]
    public void A_preset_may_be_the_default() =>
        Assert.Equal(["n b", "n a", "m b", "m a"], Catalog.Explain(new(), Routing("@preset/bot")).ModelsAndTags());

    [Fact]
    public void Every_preference_of_a_preset_holds_unless_the_request_has_its_own()
    {
        var set = new RoutingPreferences
        {
            Order = ["a"], Only = ["b"], Ignore = ["c"], AllowFallbacks = false, RequireParameters = true, DataCollection = DataCollection.Deny,
            ZeroDataRetention = true, EnforceDistillableText = true, Quantizations = ["fp8"], Sort = EndpointSort.Price,
            PreferredMinThroughput = 50, PreferredMaxLatency = 2, MaxPrice = new() { Prompt = 1 }, CompressContext = true,
            HealAnswers = false,
        };
        var other = new RoutingPreferences
        {
            Order = ["d"], Only = ["e"], Ignore = ["f"], AllowFallbacks = true, RequireParameters = false, DataCollection = DataCollection.Allow,
            EnforceDistillableText = false, Quantizations = ["fp4"], Sort = EndpointSort.Latency,
            PreferredMinThroughput = 5, PreferredMaxLatency = 20, MaxPrice = new() { Prompt = 10 }, CompressContext = false,
            HealAnswers = true,
        };

        Assert.Equal(set, RoutingPreferences.None.Over(set));
        Assert.Equal(other with { ZeroDataRetention = true }, other.Over(set));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_preset_fills_what_the_callers_options_leave_open(bool streaming)
    {
        var provider = FakeChatClient.Answering("Hello");
        var options = new ChatOptions { ModelId = "@preset/bot", Temperature = 1, Tools = [new NamedTool("mail") { Tag = "own" }] };

        await Router(provider).AskAsync(streaming, options);

        var sent = provider.Call.Options!;
        Assert.Equal(
            ("m", "Be kind.", 1f, 0.25f, 3, 1f, 2f, 100, 9L),
            (sent.ModelId, sent.Instructions, sent.Temperature, sent.TopP, sent.TopK, sent.FrequencyPenalty, sent.PresencePenalty, sent.MaxOutputTokens, sent.Seed));
        Assert.Equal(["x"], sent.StopSequences!);
        Assert.Same(ChatResponseFormat.Json, sent.ResponseFormat);
        Assert.Equal(ReasoningEffort.High, sent.Reasoning!.Effort);
        Assert.Equal([("mail", "own"), ("search", null)], sent.Tools!.Cast<NamedTool>().Select(tool => (tool.Name, tool.Tag)));
        Assert.Null(options.Instructions);
        Assert.Null(options.MaxOutputTokens);
        Assert.Single(options.Tools);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task What_the_callers_options_say_stays(bool streaming)
    {
        var provider = FakeChatClient.Answering("Hello");

        await Router(provider).AskAsync(streaming, new()
        {
            ModelId = "@preset/bot", Instructions = "Be brief.", Temperature = 1, TopP = 1, TopK = 1, FrequencyPenalty = 0, PresencePenalty = 0,
            MaxOutputTokens = 1, Seed = 1, StopSequences = ["y"], ResponseFormat = ChatResponseFormat.Text, Reasoning = new() { Effort = ReasoningEffort.Low },
        });

        var sent = provider.Call.Options!;
        Assert.Equal(
            ("Be brief.", 1f, 1f, 1, 0f, 0f, 1, 1L),
            (sent.Instructions, sent.Temperature, sent.TopP, sent.TopK, sent.FrequencyPenalty, sent.PresencePenalty, sent.MaxOutputTokens, sent.Seed));
        Assert.Equal(["y"], sent.StopSequences!);
        Assert.Same(ChatResponseFormat.Text, sent.ResponseFormat);
        Assert.Equal(ReasoningEffort.Low, sent.Reasoning!.Effort);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_system_message_stands_in_for_the_presets(bool streaming)
    {
        var provider = FakeChatClient.Answering("Hello");
        List<ChatMessage> messages = [new(ChatRole.System, "Be brief."), new(ChatRole.User, "Hi")];
        var options = new ChatOptions { ModelId = "@preset/bot" };

        _ = streaming
            ? await Router(provider).GetStreamingResponseAsync(messages, options).ToChatResponseAsync()
            : await Router(provider).GetResponseAsync(messages, options);

        Assert.Null(provider.Call.Options!.Instructions);
        Assert.Equal(["Be brief.", "Hi"], provider.Call.Messages.Select(message => message.Text));
    }

    [Fact]
    public void A_presets_answer_length_counts_for_the_filters()
    {
        var catalog = new ModelCatalog([new Model("m") { MaxOutputTokens = 50, Endpoints = [new ModelEndpoint("a", "m")] }, Of("n")]);

        Assert.Equal(
            ["a (max_tokens) It answers with at most 50 tokens, and the request asks for 100.", "c (ignore) The request ignores it."],
            catalog.Explain(new ChatOptions { ModelId = "m@preset/bot" }.WithRouting(new() { Models = ["n"] }), Routing()).Reasons());
    }

    [Theory]
    [InlineData("@preset/bott", null, "'bott' is not a preset of this router. Did you mean 'bot'?")]
    [InlineData("m", "nothing-like-it", "'nothing-like-it' is not a preset of this router.")]
    [InlineData("m@preset/bot", "plain", "The request names two presets, 'bot' in its model and 'plain' besides. Remove one.")]
    [InlineData("@preset/plain", null, "Neither the request nor its preset 'plain' names a model, and RoutingOptions has no DefaultModel.")]
    public void A_preset_that_cannot_be_used_is_refused(string model, string? preset, string message) => AssertRefused(
        message, new ChatOptions { ModelId = model }.WithRouting(new() { Preset = preset }));

    [Fact]
    public void Only_the_first_model_may_name_a_preset() => AssertRefused(
        "'n@preset/bot' names a preset, which only the first model of a request may do.",
        new ChatOptions { ModelId = "m" }.WithRouting(new() { Models = ["n@preset/bot"] }));

    [Fact]
    public void A_preset_that_names_what_does_not_exist_is_refused_when_built()
    {
        AssertNotBuilt("The preset 'p' cannot be used: 'mm' is not a model of the catalogue. Did you mean 'm', 'n' or 'o'?", new() { Models = ["mm"] });
        AssertNotBuilt(
            "The preset 'p' cannot be used: 'theirs' is not a strategy of this router. Its strategies are: price, mine.",
            new() { Preferences = new() { Strategy = "theirs" } });
        AssertNotBuilt(
            "The preset 'p' has models or a preset in its Preferences. Use Preset.Models, and no preset within a preset.",
            new() { Preferences = new() { Preset = "bot" } });
        AssertNotBuilt(
            "The preset 'p' has models or a preset in its Preferences. Use Preset.Models, and no preset within a preset.",
            new() { Preferences = new() { Models = ["m"] } });
    }

    private static void AssertNotBuilt(string message, Preset preset) => Assert.Equal(message, Assert.Throws<ArgumentException>(
        () => Catalog.Explain(new() { ModelId = "m" }, new() { Strategies = Strategies, Presets = new Dictionary<string, Preset> { ["p"] = preset } })).Message);

    private static void AssertRefused(string message, ChatOptions options)
    {
        var refused = Catalog.Refuse(options, Routing());
        Assert.Equal((FailureKind.InvalidRequest, message), (refused.Kind, refused.Message));
    }

    private static IReadOnlyList<IRoutingStrategy> Strategies => [new NamedStrategy("price"), new NamedStrategy("mine")];

    private static RoutingOptions Routing(string? defaultModel = null) => new()
    {
        Strategy = new CheapestFirst(),
        Strategies = Strategies,
        DefaultModel = defaultModel,
        Presets = new Dictionary<string, Preset> { ["bot"] = Bot, ["plain"] = new() { Preferences = new() { Strategy = "mine" } } },
    };

    private static RouterChatClient Router(FakeChatClient provider) => new(provider, Catalog, Routing());

    private static Model Of(string id) => new(id)
    {
        Endpoints = [new ModelEndpoint("a", "m"), new ModelEndpoint("b", "m"), new ModelEndpoint("c", "m")],
    };

    private sealed class NamedTool(string name) : AITool
    {
        public override string Name => name;

        public string? Tag { get; init; }
    }
}
