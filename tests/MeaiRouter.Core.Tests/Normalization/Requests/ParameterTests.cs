using MeaiRouter.Attempts;
using MeaiRouter.Catalog;
using MeaiRouter.Core.Tests.Fakes;
using MeaiRouter.Dialects;
using MeaiRouter.Normalization;
using MeaiRouter.Routing;
using Microsoft.Extensions.AI;

namespace MeaiRouter.Core.Tests.Normalization.Requests;

public sealed class ParameterTests
{
    private static readonly Dialect Strict = new("strict")
    {
        Parameters = new Dictionary<string, ParameterRule>
        {
            ["temperature"] = new() { Minimum = 0, Maximum = 1 },
            ["top_p"] = new() { Minimum = 0.01, Maximum = 0.99, RefusedWhileReasoning = true },
            ["top_k"] = ParameterRule.Refused,
            ["logit_bias"] = ParameterRule.Refused,
            ["user"] = ParameterRule.Refused,
            ["seed"] = new() { Maximum = 2_147_483_647 },
            ["top_logprobs"] = new() { Maximum = 5 },
            ["stop"] = new() { MaxCount = 2 },
        },
    };

    [Theory]
    [InlineData("""{}""", "")]
    [InlineData("""{ "stop": " " }""", "")]
    [InlineData("""{ "stop": ["END", "\n\n"] }""", """{"stop":["END"]}""")]
    [InlineData("""{ "stop": ["\t"] }""", """{"stop":[]}""")]
    public async Task Stops_of_white_space_are_dropped_where_they_are_refused(string extra, string sentExtra)
    {
        var dialect = new Dialect("d") { Parameters = new Dictionary<string, ParameterRule> { ["stop"] = new() { RefusesBlank = true } } };
        foreach (var streaming in new[] { false, true })
        {
            var (sent, _, notes) = await Adapting.ArriveAsync(streaming, dialect, new ChatOptions { StopSequences = ["a", "\n", " "] }.WithExtra(extra));

            Assert.Equal(["a"], sent.StopSequences!);
            Assert.Equal(sentExtra, sent.Extra() is "{}" ? "" : sent.Extra());
            Assert.Equal(["acme/m: `stop` holds sequences of white space only, which the dialect 'd' does not take; they were left out."], notes);
        }

        var refusal = await Adapting.RefusedAsync(false, dialect, new() { StopSequences = ["\n"] });
        Assert.Contains("`stop` holds sequences of white space only", refusal.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task What_the_dialect_does_not_take_is_dropped_clamped_or_cut_and_noted(bool streaming)
    {
        var options = new ChatOptions { Temperature = 1.5f, TopP = 0.001f, TopK = 40, Seed = 3_000_000_000, StopSequences = ["a", "b", "c"] }
            .WithExtra("""{ "logit_bias": { "1": 2 }, "user": "somebody", "top_logprobs": 20, "min_p": 0.1 }""");

        var (sent, _, notes) = await Adapting.ArriveAsync(streaming, Strict, options);

        Assert.Equal((1f, 0.01f, null, 2_147_483_647L), (sent.Temperature, sent.TopP, sent.TopK, sent.Seed));
        Assert.Equal(["a", "b"], sent.StopSequences!);
        Assert.Equal("""{"top_logprobs":5,"min_p":0.1}""", sent.Extra());
        Assert.Equal(
        [
            "acme/m: `temperature` is 1.5, more than 1, the most by the dialect 'strict'; 1 was sent.",
            "acme/m: `top_p` is 0.001, less than 0.01, the least by the dialect 'strict'; 0.01 was sent.",
            "acme/m: The request holds `top_k` 40, which the dialect 'strict' does not take; it was left out.",
            "acme/m: The request holds `logit_bias`, which the dialect 'strict' does not take; it was left out.",
            "acme/m: The request holds `user`, which the dialect 'strict' does not take; it was left out.",
            "acme/m: `seed` is 3000000000, more than 2147483647, the most by the dialect 'strict'; 2147483647 was sent.",
            "acme/m: `top_logprobs` is 20, more than 5, the most by the dialect 'strict'; 5 was sent.",
            "acme/m: `stop` has 3 entries, more than 2, the most by the dialect 'strict'; only the first 2 were sent.",
        ], notes);
        Assert.Equal((1.5f, 40, 3), (options.Temperature, options.TopK, options.StopSequences!.Count));
        Assert.Contains("logit_bias", options.Extra());
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task What_the_dialect_takes_is_sent_as_it_is_without_a_note(bool streaming)
    {
        var options = new ChatOptions { Temperature = 1, TopP = 0.99f, Seed = 7, StopSequences = ["a", "b"], FrequencyPenalty = 2 }.WithExtra("""{ "top_logprobs": 5 }""");

        var (sent, _, notes) = await Adapting.ArriveAsync(streaming, Strict, options);

        Assert.Equal((1f, 0.99f, 7L, 2f), (sent.Temperature, sent.TopP, sent.Seed, sent.FrequencyPenalty));
        Assert.Equal("""{ "top_logprobs": 5 }""", sent.Extra());
        Assert.Empty(notes);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_parameter_that_stands_in_the_extra_body_is_adapted_there(bool streaming)
    {
        var options = new ChatOptions { StopSequences = ["own"] }.WithExtra("""{ "temperature": 1.5, "top_k": 4, "stop": ["a", "b", "c"] }""");

        var (sent, _, notes) = await Adapting.ArriveAsync(streaming, Strict, options);

        Assert.Equal("""{"temperature":1,"stop":["a","b"]}""", sent.Extra());
        Assert.Null(sent.StopSequences);
        Assert.Equal(3, notes.Count);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_parameter_that_is_not_taken_while_reasoning_is_left_out_only_then(bool streaming)
    {
        var quiet = await Adapting.ArriveAsync(streaming, Strict, new() { TopP = 0.5f, Reasoning = new() { Output = ReasoningOutput.Full } });
        var reasoning = await Adapting.ArriveAsync(streaming, Strict, new() { TopP = 0.5f, Reasoning = new() { Effort = ReasoningEffort.Low } });

        Assert.Equal(0.5f, quiet.Options.TopP);
        Assert.Empty(quiet.Notes);
        Assert.Null(reasoning.Options.TopP);
        Assert.Equal(["acme/m: The request holds `top_p` 0.5, which the dialect 'strict' does not take while the model reasons; it was left out."], reasoning.Notes);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task What_is_not_in_the_endpoints_own_list_is_left_out_except_the_output_limit(bool streaming)
    {
        var endpoint = new ModelEndpoint("acme", "m") { SupportedParameters = ["temperature", "reasoning_effort"] };
        var options = new ChatOptions { Temperature = 1, Seed = 7, MaxOutputTokens = 10, Reasoning = new() { Effort = ReasoningEffort.Low } }
            .WithExtra("""{ "min_p": 0.1, "user": "somebody" }""");

        var (sent, _, notes) = await Adapting.ArriveAsync(streaming, endpoint, options);

        Assert.Equal((1f, null, 10, ReasoningEffort.Low), (sent.Temperature, sent.Seed, sent.MaxOutputTokens, sent.Reasoning?.Effort));
        Assert.Equal("""{"user":"somebody"}""", sent.Extra());
        Assert.Equal(
        [
            "acme/m: The request holds `seed` 7, which the endpoint's list of supported parameters does not take; it was left out.",
            "acme/m: The request holds `min_p` 0.1, which the endpoint's list of supported parameters does not take; it was left out.",
        ], notes);
    }

    // The router passes over an endpoint whose answers are shorter than the limit in the options, but does not look into the extra body.
    [Theory]
    [InlineData(false, 4_000, null, 4_000)]
    [InlineData(true, 4_000, 5_000d, 4_000)]
    [InlineData(false, 4_000, 3_000d, 3_000)]
    [InlineData(true, null, 3_000d, 3_000)]
    public async Task The_output_limit_is_lowered_to_the_longest_answer_of_the_endpoint(bool streaming, int? longest, double? dialect, int most)
    {
        var endpoint = new ModelEndpoint("acme", "m")
        {
            MaxOutputTokens = longest,
            Dialect = new Dialect("d") { Parameters = dialect is null ? new Dictionary<string, ParameterRule>() : new() { ["max_tokens"] = new() { Maximum = dialect } } },
        };

        var extra = await Adapting.ArriveAsync(streaming, endpoint, new ChatOptions().WithExtra("""{ "max_completion_tokens": 100000 }"""));
        var own = await Adapting.ArriveAsync(streaming, endpoint, new() { MaxOutputTokens = 4_000 });

        Assert.Equal($$"""{"max_completion_tokens":{{most}}}""", extra.Options.Extra());
        Assert.Equal([$"acme/m: `max_completion_tokens` is 100000, more than {most}, the most by the longest answer of the endpoint; {most} was sent."], extra.Notes);
        Assert.Equal(most, own.Options.MaxOutputTokens);
        Assert.Equal(most < 4_000 ? 1 : 0, own.Notes.Count);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Whoever_wants_his_parameters_as_they_are_is_refused_with_the_parameter_its_value_the_endpoint_and_the_remedy(bool streaming)
    {
        var failure = await Adapting.RefusedAsync(streaming, Strict, new() { Temperature = 1.5f });

        Assert.Equal(FailureKind.Unsupported, failure.Kind);
        Assert.Contains(
            "The endpoint cannot take the request: `temperature` is 1.5, more than 1, the most by the dialect 'strict'. Remedy: send 1 or less, or let the " +
            "request be adapted: RequireParameters (`require_parameters`) false and UnsupportedParameters.Adapt.", failure.Message);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_request_that_requires_its_parameters_goes_to_another_endpoint(bool streaming)
    {
        FakeChatClient[] providers = [FakeChatClient.Answering("strict"), FakeChatClient.Answering("lenient")];
        ModelEndpoint At(string provider, Dialect dialect) => new(provider, "m") { SupportedParameters = ["top_k"], Dialect = dialect };
        var catalog = new ModelCatalog([new Model("m") { Endpoints = [At("a", Strict), At("b", Dialect.Default)] }]);
        var pipeline = new RouterChatClient(
            new MeaiRouter.Fallback.FallbackChatClient(new NormalizingChatClient(TestPipeline.Endpoint(providers)), TestPipeline.Unheld), catalog,
            new RoutingOptions { Strategy = new CheapestFirst() });

        var required = await pipeline.AskAsync(streaming, new ChatOptions { ModelId = "m", TopK = 4 }.WithRouting(new() { RequireParameters = true }));
        var adapted = await pipeline.AskAsync(streaming, new ChatOptions { ModelId = "m", TopK = 4 });

        Assert.Equal(("lenient", "strict"), (required.Text, adapted.Text));
        Assert.Equal(4, providers[1].Call.Options!.TopK);
        Assert.Equal(["a Failed Unsupported", "b Answered"], required.Trace().Attempts.Told());
        Assert.Null(providers[0].Call.Options!.TopK);
    }

    [Fact]
    public async Task Where_no_router_chose_an_endpoint_the_dialect_is_that_of_the_model_the_request_names_or_else_of_the_clients_own()
    {
        var dialect = new Dialect("d") { Models = [new ModelDialect(["o*"], Strict)] };
        var provider = new FakeChatClient(FakeChatClient.Answer("Hello")) { Metadata = new("acme", null, "o1") };
        var client = new NormalizingChatClient(provider, dialect);

        await client.AskAsync(false, new() { TopK = 1 });
        await client.AskAsync(false, new() { TopK = 1, ModelId = "o3" });
        await client.AskAsync(false, new() { TopK = 1, ModelId = "plain" });

        Assert.Equal([null, null, 1], provider.Calls.Select(call => call.Options!.TopK));
    }
}
