using System.Text.Json;
using System.Text.Json.Nodes;
using MeaiRouter.Attempts;
using MeaiRouter.Catalog;
using MeaiRouter.Core.Tests.Fakes;
using MeaiRouter.Dialects;
using MeaiRouter.Policies;
using MeaiRouter.Pricing;
using MeaiRouter.Routing;
using Microsoft.Extensions.AI;

namespace MeaiRouter.Core.Tests.Routing;

/// <summary>Each hard filter over endpoints that differ in what it looks at.</summary>
public sealed class EndpointFilterTests
{
    [Fact]
    public void Endpoints_must_take_what_the_messages_hold()
    {
        var model = new Model("m")
        {
            InputModalities = ["text", "image", "file"],
            Endpoints = [At("own"), At("all") with { InputModalities = ["text", "image", "file", "audio", "video"] }, At("text") with { InputModalities = ["text"] }],
        };

        string Takes(string what) => $"text (modality) The messages hold {what} input, and it takes text only.";
        string OwnTakes(string what) => $"own (modality) The messages hold {what} input, and it takes text, image, file only.";
        AssertLeftFor(model, ["own", "all", "text"], [], new TextContent("Hi"));
        AssertLeftFor(model, ["own", "all"], [Takes("image")], new DataContent(new byte[] { 1 }, "image/png"));
        AssertLeftFor(model, ["own", "all"], [Takes("image")], new UriContent("https://example.org/x", "IMAGE/*"));
        AssertLeftFor(model, ["own", "all"], [Takes("file")], new DataContent(new byte[] { 1 }, "application/pdf"));
        AssertLeftFor(model, ["own", "all"], [Takes("file")], new HostedFileContent("file-1"));
        AssertLeftFor(model, ["all"], [OwnTakes("audio"), Takes("audio")], new DataContent(new byte[] { 1 }, "audio/wav"));
        AssertLeftFor(model, ["all"], [OwnTakes("video"), Takes("image")], new DataContent(new byte[] { 1 }, "image/png"), new UriContent("https://example.org/x", "video/mp4"));
    }

    [Fact]
    public void Prompt_and_answer_must_fit_the_context()
    {
        var model = new Model("m") { ContextLength = 100, Endpoints = [At("model"), At("wide") with { ContextLength = 1000 }, At("tight") with { ContextLength = 50 }] };
        string TooSmall(string tag, int prompt, int answer, int limit) =>
            $"{tag} (context_length) The prompt of about {prompt} tokens and an answer of {answer} exceed its context of {limit}.";

        // 184 characters are 46 tokens, and 4 for the message.
        AssertLeftFor(model, ["model", "wide", "tight"], [], new TextContent(new string('x', 184)));
        AssertLeftFor(model, ["model", "wide"], [TooSmall("tight", 51, 0, 50)], new TextContent(new string('x', 188)));
        AssertLeft(model, ["wide"], [TooSmall("model", 51, 50, 100), TooSmall("tight", 51, 50, 50)], new() { MaxOutputTokens = 50 }, new TextContent(new string('x', 188)));
        AssertLeft(new Model("m") { Endpoints = [At("unknown")] }, ["unknown"], [], new() { MaxOutputTokens = 1_000_000 }, new TextContent(new string('x', 188)));
    }

    [Theory]
    [InlineData(10, 0)]
    [InlineData(32, 0)]
    [InlineData(33, 1)]
    [InlineData(1000, 1)]
    public void The_tokens_are_only_counted_where_a_limit_may_be_reached(int characters, int counted)
    {
        var counter = new FixedCounter(7);
        var model = new Model("m") { ContextLength = 100, Endpoints = [At("a")] };

        // At most three tokens for each character, and four for the message.
        var plan = new ModelCatalog([model]).Explain(
            new() { ModelId = "m" }, new RoutingOptions { TokenCounter = counter }, new ChatMessage(ChatRole.User, new string('x', characters)));

        Assert.Equal(["a"], plan.Tags());
        Assert.Equal(Enumerable.Repeat("m", counted), counter.Models);
    }

    [Fact]
    public void What_a_counter_counts_is_what_the_filter_compares() => Assert.Equal(
        "No endpoint may serve m. a/m (context_length): The prompt of about 101 tokens and an answer of 0 exceed its context of 100. " +
        "With a shorter conversation, a/m could.",
        new ModelCatalog([new Model("m") { ContextLength = 100, Endpoints = [At("a")] }]).Refuse(
            new() { ModelId = "m" }, new() { TokenCounter = new FixedCounter(101) }, new ChatMessage(ChatRole.User, new string('x', 100))).Message);

    [Fact]
    public void Answers_must_be_possible_at_the_length_asked_for() => AssertLeft(
        new Model("m") { MaxOutputTokens = 100, Endpoints = [At("model"), At("long") with { MaxOutputTokens = 200 }, At("short") with { MaxOutputTokens = 10 }] },
        ["model", "long"],
        ["short (max_tokens) It answers with at most 10 tokens, and the request asks for 100."],
        new() { MaxOutputTokens = 100 });

    [Fact]
    public void Required_parameters_must_be_known_to_be_understood()
    {
        var everything = new ChatOptions
        {
            Temperature = 1, TopP = 1, TopK = 1, FrequencyPenalty = 1, PresencePenalty = 1, MaxOutputTokens = 1, Seed = 1, StopSequences = ["x"],
            Tools = [new HostedWebSearchTool()], ToolMode = ChatToolMode.RequireAny, AllowMultipleToolCalls = true, Reasoning = new(),
            ResponseFormat = ChatResponseFormat.ForJsonSchema(JsonElement.Parse("{}")),
            AdditionalProperties = new() { ["extra_body"] = JsonElement.Parse("""{ "min_p": 0.1, "verbosity": "low", "user": "u", "top_a": null }""") },
        };
        string[] all =
        [
            "temperature", "top_p", "top_k", "frequency_penalty", "presence_penalty", "max_tokens", "seed", "stop", "tools", "tool_choice",
            "parallel_tool_calls", "reasoning", "structured_outputs", "min_p", "verbosity",
        ];
        var model = new Model("m")
        {
            Endpoints =
            [
                At("all") with { SupportedParameters = all },
                At("synonyms") with { SupportedParameters = [.. all.Except(["max_tokens", "reasoning"]), "max_completion_tokens", "reasoning_effort"] },
                At("some") with { SupportedParameters = [.. all.Except(["seed", "min_p"])] },
                At("unknown"),
            ],
        };

        AssertLeft(
            model,
            ["all", "synonyms"],
            [
                "some (require_parameters) It is not known to support seed, min_p.",
                $"unknown (require_parameters) It is not known to support {string.Join(", ", all)}. What it takes is said by SupportedParameters of the endpoint, or by the Dialect of its provider.",
            ],
            everything.WithRouting(new() { RequireParameters = true }));
        AssertLeft(model, ["all", "synonyms", "some", "unknown"], [], new ChatOptions().WithRouting(new() { RequireParameters = true }));
        AssertLeft(
            model, ["all", "synonyms", "some"], ["unknown (require_parameters) It is not known to support verbosity. What it takes is said by SupportedParameters of the endpoint, or by the Dialect of its provider."],
            new ChatOptions { AdditionalProperties = new() { ["extra_body"] = new JsonObject { ["verbosity"] = "low" } } }.WithRouting(new() { RequireParameters = true }));
    }

    [Fact]
    public void Where_the_catalogue_lists_no_parameters_the_dialect_says_which_are_taken()
    {
        var dialect = new Dialect("strict")
        {
            Parameters = new Dictionary<string, ParameterRule> { ["seed"] = ParameterRule.Refused, ["top_k"] = new() { Maximum = 40 }, ["top_p"] = new() { RefusedWhileReasoning = true } },
            Formats = new() { TakesJsonSchema = false },
            Reasoning = new() { Control = ReasoningControl.None },
            Tools = new() { Choices = ToolChoiceForms.AutoOnly },
        };
        var model = new Model("m")
        {
            Endpoints = [At("listed") with { SupportedParameters = ["seed"], Dialect = dialect }, At("spoken") with { Dialect = dialect }, At("unknown")],
        };

        Assert.Equal(["seed"], model.Endpoints[0].KnownParameters);
        Assert.Equal(
            [
                "temperature", "top_p", "max_tokens", "stop", "frequency_penalty", "presence_penalty", "logit_bias", "logprobs", "top_logprobs", "tools",
                "parallel_tool_calls", "response_format", "top_k",
            ],
            model.Endpoints[1].KnownParameters);
        Assert.Empty(model.Endpoints[2].KnownParameters);
        AssertLeft(
            model,
            ["spoken"],
            [
                "listed (require_parameters) It is not known to support temperature, top_k.",
                "unknown (require_parameters) It is not known to support temperature, top_k. What it takes is said by SupportedParameters of the endpoint, or by the Dialect of its provider.",
            ],
            new ChatOptions { Temperature = 1, TopK = 3 }.WithRouting(new() { RequireParameters = true }));
    }

    [Fact]
    public void Endpoints_known_not_to_understand_tools_formats_or_verbosity_give_way_to_others_of_the_model()
    {
        var model = new Model("m")
        {
            Endpoints =
            [
                At("tools") with { SupportedParameters = ["tools"] },
                At("both") with { SupportedParameters = ["tools", "response_format", "structured_outputs"] },
                At("verbose") with { SupportedParameters = ["verbosity"] },
                At("unknown"),
            ],
        };
        string GivesWay(string tag, string what) => $"{tag} ({what}) It does not support {what}, and others do.";

        AssertLeft(model, ["tools", "both", "unknown"], [GivesWay("verbose", "tools")], new() { Tools = [new HostedWebSearchTool()] });
        AssertLeft(
            model, ["both", "unknown"], [GivesWay("tools", "response_format"), GivesWay("verbose", "response_format")], new() { ResponseFormat = ChatResponseFormat.Json });
        AssertLeft(
            model, ["both", "unknown"], [GivesWay("verbose", "tools"), GivesWay("tools", "structured_outputs")],
            new() { Tools = [new HostedWebSearchTool()], ResponseFormat = ChatResponseFormat.ForJsonSchema(JsonElement.Parse("{}")) });
        AssertLeft(
            model, ["verbose", "unknown"], [GivesWay("tools", "verbosity"), GivesWay("both", "verbosity")],
            new() { AdditionalProperties = new() { ["extra_body"] = JsonElement.Parse("""{ "verbosity": "low" }""") } });
    }

    [Fact]
    public void A_parameter_that_no_endpoint_left_understands_removes_none_of_them()
    {
        var model = new Model("m") { Endpoints = [At("a") with { SupportedParameters = ["seed"] }, At("b") with { SupportedParameters = ["tools"] }] };

        AssertLeft(
            model, ["a"], ["b (ignore) The request ignores it."],
            new ChatOptions { Tools = [new HostedWebSearchTool()] }.WithRouting(new() { Ignore = ["b"] }));
    }

    [Fact]
    public void An_endpoint_of_which_nothing_is_known_is_no_reason_to_leave_another_out() => AssertLeft(
        new Model("m") { Endpoints = [At("a") with { SupportedParameters = ["seed"] }, At("unknown")] },
        ["a", "unknown"], [], new ChatOptions { Tools = [new HostedWebSearchTool()] });

    [Fact]
    public void Zero_retention_and_no_training_must_be_known()
    {
        var model = new Model("m")
        {
            Endpoints =
            [
                At("zero") with { DataPolicy = new() { Retention = "NONE", Training = false } },
                At("days") with { DataPolicy = new() { Retention = "30 days", Training = false } },
                At("trains") with { DataPolicy = new() { Training = true } },
                At("unknown"),
            ],
        };

        AssertLeft(
            model,
            ["zero"],
            [
                "days (data_policy:zdr) It keeps prompts: 30 days.",
                "trains (data_policy:zdr) It is not known whether it keeps prompts. If it does not, set DataPolicy.Retention of its provider to 'none'.",
                "unknown (data_policy:zdr) It is not known whether it keeps prompts. If it does not, set DataPolicy.Retention of its provider to 'none'.",
            ],
            new ChatOptions().WithRouting(new() { ZeroDataRetention = true }));
        AssertLeft(
            model,
            ["zero", "days"],
            [
                "trains (data_policy:training) It may train on prompts.",
                "unknown (data_policy:training) It is not known whether it trains on prompts. If it does not, set DataPolicy.Training of its provider to false.",
            ],
            new ChatOptions().WithRouting(new() { DataCollection = DataCollection.Deny }));
        AssertLeft(model, ["zero", "days", "trains", "unknown"], [], new ChatOptions().WithRouting(new() { DataCollection = DataCollection.Allow }));
    }

    [Fact]
    public void Data_of_a_class_goes_only_where_every_class_it_has_is_allowed()
    {
        var model = new Model("m")
        {
            Endpoints =
            [
                At("both") with { DataPolicy = new() { AllowedDataClasses = ["PII", "health"] } },
                At("one") with { DataPolicy = new() { AllowedDataClasses = ["pii"] } },
                At("none") with { DataPolicy = new() },
                At("unknown"),
            ],
        };
        string Not(string tag, string dataClass) => $"{tag} (data_class) Data of the class '{dataClass}' may not be sent there.";

        AssertLeft(model, ["both", "one"], [Not("none", "pii"), Not("unknown", "pii")], new ChatOptions().WithDataClass("pii"));
        AssertLeft(
            model, ["both"], [Not("one", "health"), Not("none", "pii"), Not("unknown", "pii")], new ChatOptions().WithDataClass("pii").WithDataClass("health"));
    }

    [Theory]
    [InlineData(true, null)]
    [InlineData(false, "a (enforce_distillable_text) The model's author does not allow distillation.")]
    [InlineData(null, "a (enforce_distillable_text) It is not known whether the model's author allows distillation.")]
    public void Distillation_must_be_known_to_be_allowed(bool? allowed, string? reason)
    {
        var catalog = new ModelCatalog([new Model("m") { AllowsDistillation = allowed, Endpoints = [At("a")] }, new Model("n") { AllowsDistillation = true, Endpoints = [At("z")] }]);

        var plan = catalog.Explain(new ChatOptions { ModelId = "m" }.WithRouting(new() { Models = ["n"], EnforceDistillableText = true }));

        Assert.Equal(reason is null ? ["a", "z"] : ["z"], plan.Tags());
        Assert.Equal(reason is null ? [] : [reason], plan.Reasons());
    }

    [Theory]
    [InlineData("fp8", "fp8 mxfp8 FP8")]
    [InlineData("FP4", "fp4 mxfp4 nvfp4")]
    [InlineData("mxfp4", "mxfp4")]
    [InlineData("unknown", "none unknown")]
    [InlineData("bf16,fp4", "fp4 mxfp4 nvfp4 bf16")]
    public void Weights_must_have_one_of_the_precisions_and_some_precisions_include_others(string asked, string left)
    {
        string[] tags = ["fp4", "mxfp4", "nvfp4", "fp8", "mxfp8", "FP8", "bf16", "none", "unknown"];
        var model = new Model("m") { Endpoints = [.. tags.Select(tag => At(tag) with { Quantization = tag == "none" ? null : tag })] };

        var plan = new ModelCatalog([model]).Explain(new ChatOptions { ModelId = "m" }.WithRouting(new() { Quantizations = asked.Split(',') }));

        Assert.Equal(left.Split(' ').Order(), plan.Tags().Order());
        Assert.All(plan.Excluded, excluded => Assert.Equal(
            ("quantizations", $"Its weights are {excluded.Endpoint.Quantization ?? "unknown"}, and the request allows {asked.Replace(",", ", ", StringComparison.Ordinal)}."),
            (excluded.Filter, excluded.Reason)));
    }

    [Fact]
    public void A_precision_that_does_not_exist_is_refused()
    {
        var refused = new ModelCatalog([new Model("m") { Endpoints = [At("a")] }]).Refuse(
            new ChatOptions { ModelId = "m" }.WithRouting(new() { Quantizations = ["fp17"] }));

        Assert.Equal((FailureKind.InvalidRequest, "'fp17' is not a quantization. Did you mean 'fp16', 'fp32' or 'fp4'?"), (refused.Kind, refused.Message));
    }

    [Fact]
    public void Nothing_may_cost_more_than_the_ceiling_in_any_part()
    {
        var price = new Price { Prompt = 2, Completion = 8, Request = 0.01m, ImageInput = 5, AudioInput = 3 };
        var model = new Model("m")
        {
            Endpoints =
            [
                At("media") with { Price = price, InputModalities = ["text", "image", "audio"] },
                At("text") with { Price = price },
                At("unpriced") with { Price = null },
            ],
        };
        const string Unpriced = "unpriced (max_price) Its price is not known.";
        void AssertCeiling(PriceCeiling ceiling, string[] left, params string[] reasons) =>
            AssertLeft(model, left, reasons, new ChatOptions().WithRouting(new() { MaxPrice = ceiling }));
        string[] Both(string reason) => [$"media (max_price) {reason}", $"text (max_price) {reason}", Unpriced];

        AssertCeiling(new() { Prompt = 2, Completion = 8, Request = 0.01m, Image = 0.005m, Audio = 3 }, ["media", "text"], Unpriced);
        AssertCeiling(new() { Image = 0.004m }, ["text"], "media (max_price) It charges $0.005 per image, and the ceiling is $0.004.", Unpriced);
        AssertCeiling(new() { Audio = 2.5m }, ["text"], "media (max_price) It charges $3 per million audio tokens, and the ceiling is $2.5.", Unpriced);
        foreach (var (ceiling, reason) in new (PriceCeiling, string)[]
        {
            (new() { Prompt = 1.99m }, "It charges $2 per million input tokens, and the ceiling is $1.99."),
            (new() { Completion = 7 }, "It charges $8 per million output tokens, and the ceiling is $7."),
            (new() { Request = 0 }, "It charges $0.01 per request, and the ceiling is $0."),
        })
        {
            var with = new ModelCatalog([model, new Model("n") { Endpoints = [At("free") with { Price = Price.Free }] }]);
            var plan = with.Explain(new ChatOptions { ModelId = "m" }.WithRouting(new() { MaxPrice = ceiling, Models = ["n"] }));
            Assert.Equal(["free"], plan.Tags());
            Assert.Equal(Both(reason), plan.Reasons());
        }
    }

    private static ModelEndpoint At(string tag) => new(tag, "m") { Price = Price.PerMillion(1, 1) };

    private static void AssertLeftFor(Model model, string[] left, string[] reasons, params AIContent[] contents) =>
        AssertLeft(model, left, reasons, new ChatOptions(), contents);

    private static void AssertLeft(Model model, string[] left, string[] reasons, ChatOptions options, params AIContent[] contents)
    {
        options.ModelId = "m";
        var plan = new ModelCatalog([model]).Explain(options, null, contents.Length == 0 ? [] : [new ChatMessage(ChatRole.User, contents)]);

        Assert.Equal(left.Order(), plan.Tags().Order());
        Assert.Equal(reasons.Order(), plan.Reasons().Order());
    }

    private sealed class FixedCounter(long tokens) : ITokenCounter
    {
        public List<string> Models { get; } = [];

        public long Count(IReadOnlyList<ChatMessage> messages, ChatOptions? options, Model model)
        {
            Models.Add(model.Id);
            return tokens;
        }
    }
}
