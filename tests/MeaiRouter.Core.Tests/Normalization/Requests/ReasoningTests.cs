using MeaiRouter.Attempts;
using MeaiRouter.Catalog;
using MeaiRouter.Dialects;
using Microsoft.Extensions.AI;

namespace MeaiRouter.Core.Tests.Normalization.Requests;

public sealed class ReasoningTests
{
    private static readonly string[] AllEfforts = ["none", "minimal", "low", "medium", "high", "xhigh", "max"];

    [Theory]
    // By effort: the word itself, or the nearest one.
    [InlineData("low,medium,high", """{"reasoning_effort":"low"}""", "low", "", 0)]
    [InlineData("low,medium,high", """{"reasoning_effort":"minimal"}""", "low", "", 1)]
    [InlineData("low,medium,high", """{"reasoning":{"effort":"max"}}""", "high", "", 1)]
    [InlineData("low,medium,high", """{"reasoning":{"effort":"none"}}""", "low", "", 1)]
    [InlineData("none,low,medium,high", """{"reasoning":{"enabled":false}}""", "none", "", 0)]
    [InlineData("none,low,medium,high", """{"reasoning":{"max_tokens":0}}""", "none", "", 0)]
    [InlineData("none,low", """{"reasoning":{"effort":"minimal"}}""", "low", "", 1)]
    [InlineData("high,max", """{"reasoning":{"effort":"xhigh"}}""", "high", "", 1)]
    [InlineData("*", """{"reasoning_effort":"minimal"}""", null, """{"reasoning":{"effort":"minimal"}}""", 0)]
    [InlineData("*", """{"reasoning":{"effort":"max"},"user":"u"}""", null, """{"reasoning":{"effort":"max"},"user":"u"}""", 0)]
    [InlineData("*", """{"reasoning":{"enabled":true}}""", "medium", "", 1)]
    [InlineData("*", """{"reasoning":{"effort":"high","summary":"auto"}}""", "high", """{"reasoning":{"summary":"auto"}}""", 0)]
    // A budget becomes the effort with the nearest share of the output limit.
    [InlineData("low,medium,high", """{"reasoning":{"max_tokens":500},"max_tokens":1000}""", "medium", """{"max_tokens":1000}""", 1)]
    [InlineData("low,medium,high", """{"reasoning":{"max_tokens":950},"max_tokens":1000}""", "high", """{"max_tokens":1000}""", 1)]
    [InlineData("low,medium,high", """{"reasoning":{"max_tokens":10},"max_tokens":1000}""", "low", """{"max_tokens":1000}""", 1)]
    [InlineData("*", """{"reasoning":{"max_tokens":100},"max_tokens":1000}""", null, """{"reasoning":{"effort":"minimal"},"max_tokens":1000}""", 1)]
    public async Task An_endpoint_controlled_by_effort_gets_a_word_it_knows(string efforts, string extra, string? effort, string sentExtra, int notes)
    {
        var dialect = new Dialect("d") { Reasoning = new() { Control = ReasoningControl.Effort, Efforts = efforts == "*" ? AllEfforts : efforts.Split(',') } };
        foreach (var streaming in new[] { false, true })
        {
            var arrived = await Adapting.ArriveAsync(streaming, dialect, new ChatOptions().WithExtra(extra));

            Assert.Equal(effort, WordOf(arrived.Options.Reasoning?.Effort));
            Assert.Equal(sentExtra, arrived.Options.Extra());
            Assert.Equal(notes, arrived.Notes.Count);
        }
    }

    [Theory]
    [InlineData(ReasoningControl.Budget, ReasoningEffort.High, 10_000, 8_000)]
    [InlineData(ReasoningControl.Budget, ReasoningEffort.Low, 10_000, 2_000)]
    [InlineData(ReasoningControl.Budget, ReasoningEffort.Low, 1_200, 1_024)]
    [InlineData(ReasoningControl.Budget, ReasoningEffort.ExtraHigh, 1_000_000, 128_000)]
    [InlineData(ReasoningControl.Budget, ReasoningEffort.Medium, null, 16_384)]
    public async Task An_effort_becomes_a_budget_by_its_share_of_the_output_limit(ReasoningControl control, ReasoningEffort effort, int? limit, int budget)
    {
        var dialect = new Dialect("d") { Reasoning = new() { Control = control } };
        foreach (var streaming in new[] { false, true })
        {
            var (sent, _, notes) = await Adapting.ArriveAsync(streaming, dialect, new() { Reasoning = new() { Effort = effort }, MaxOutputTokens = limit });

            Assert.Null(sent.Reasoning);
            Assert.Equal($$$"""{"reasoning":{"max_tokens":{{{budget}}}}}""", sent.Extra());
            Assert.Equal(limit, sent.MaxOutputTokens);
            Assert.Equal($"acme/m: The reasoning effort '{WordOf(effort)}' was sent as a budget of {budget} tokens.", Assert.Single(notes));
        }
    }

    [Theory]
    [InlineData(5_000, 10_000, 5_000, 10_000, 0)]       // It fits.
    [InlineData(10_000, 10_000, 9_500, 10_000, 1)]      // A share of the limit at most.
    [InlineData(5_000, 1_000, 1_024, 2_024, 2)]         // Not even the smallest fits: room for the answer that was asked for stays.
    [InlineData(5_000, null, 5_000, 20_000, 1)]         // Without a limit, that of the endpoint.
    [InlineData(100, 10_000, 1_024, 10_000, 1)]
    public async Task A_budget_that_must_fit_below_the_output_limit_does(int asked, int? limit, int budget, int sentLimit, int noteCount)
    {
        var endpoint = new ModelEndpoint("acme", "m")
        {
            MaxOutputTokens = 20_000, Dialect = new Dialect("d") { Reasoning = new() { Control = ReasoningControl.Budget, BudgetIsWithinOutput = true } },
        };
        foreach (var streaming in new[] { false, true })
        {
            var options = new ChatOptions { MaxOutputTokens = limit }.WithExtra($$$"""{ "reasoning": { "max_tokens": {{{asked}}} } }""");
            var (sent, _, notes) = await Adapting.ArriveAsync(streaming, endpoint, options);

            Assert.Equal($$$"""{"reasoning":{"max_tokens":{{{budget}}}}}""", sent.Extra().Replace(" ", ""));
            Assert.Equal(sentLimit, sent.MaxOutputTokens);
            Assert.Equal(noteCount, notes.Count);
        }
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Where_no_budget_fits_the_request_is_refused(bool streaming)
    {
        var endpoint = new ModelEndpoint("acme", "m")
        {
            MaxOutputTokens = 1_000, Dialect = new Dialect("d") { Reasoning = new() { Control = ReasoningControl.Budget, BudgetIsWithinOutput = true } },
        };

        var failure = await Adapting.RefusedAsync(streaming, endpoint, new() { Reasoning = new() { Effort = ReasoningEffort.High } });

        Assert.Equal(FailureKind.Unsupported, failure.Kind);
        Assert.Contains("The smallest reasoning budget is 1024 tokens, and the endpoint's answers have at most 1000.", failure.Message);
    }

    [Theory]
    [InlineData(ReasoningControl.Switch, """{"reasoning":{"effort":"high"}}""", """{"reasoning":{"enabled":true}}""", 1)]
    [InlineData(ReasoningControl.Switch, """{"reasoning":{"enabled":true}}""", """{"reasoning":{"enabled":true}}""", 0)]
    [InlineData(ReasoningControl.Switch, """{"reasoning_effort":"none"}""", """{"reasoning":{"enabled":false}}""", 0)]
    [InlineData(ReasoningControl.Budget, """{"reasoning":{"max_tokens":0}}""", """{"reasoning":{"enabled":false}}""", 0)]
    [InlineData(ReasoningControl.Budget, """{"reasoning":{"enabled":true},"max_tokens":4000}""", """{"reasoning":{"max_tokens":2000},"max_tokens":4000}""", 1)]
    [InlineData(ReasoningControl.EffortOrBudget, """{"reasoning":{"max_tokens":2000}}""", """{"reasoning":{"max_tokens":2000}}""", 0)]
    [InlineData(ReasoningControl.EffortOrBudget, """{"reasoning":{"max_tokens":2000,"effort":"low"}}""", """{"reasoning":{"max_tokens":2000}}""", 1)]
    [InlineData(ReasoningControl.EffortOrBudget, """{"reasoning":{"enabled":false}}""", """{"reasoning":{"enabled":false}}""", 0)]
    [InlineData(ReasoningControl.None, """{"reasoning":{"effort":"high","summary":"auto"}}""", "", 1)]
    [InlineData(ReasoningControl.None, """{"reasoning_effort":"none"}""", "", 1)]
    public async Task Every_other_control_gets_what_it_takes(ReasoningControl control, string extra, string sentExtra, int noteCount)
    {
        var dialect = new Dialect("d") { Reasoning = new() { Control = control } };
        foreach (var streaming in new[] { false, true })
        {
            var (sent, _, notes) = await Adapting.ArriveAsync(streaming, dialect, new ChatOptions().WithExtra(extra));

            Assert.Null(sent.Reasoning);
            Assert.Equal(sentExtra, sent.Extra());
            Assert.Equal(noteCount, notes.Count);
        }
    }

    [Theory]
    [InlineData(ReasoningControl.Effort, true, """{"reasoning":{"summary":"auto"}}""", "")]
    [InlineData(ReasoningControl.Effort, false, "", "`reasoning.summary`, which the dialect 'd' does not take; it was left out.")]
    [InlineData(ReasoningControl.None, false, "", "The request steers the model's reasoning")]
    public async Task Other_members_of_reasoning_go_on_or_are_left_out_with_a_note(ReasoningControl control, bool taken, string sentExtra, string note)
    {
        var dialect = new Dialect("d") { Reasoning = new() { Control = control, TakesOtherMembers = taken } };
        foreach (var streaming in new[] { false, true })
        {
            var (sent, _, notes) = await Adapting.ArriveAsync(streaming, dialect, new ChatOptions().WithExtra("""{"reasoning":{"summary":"auto"}}"""));

            Assert.Equal(sentExtra, sent.Extra());
            Assert.Contains(note, Assert.Single(taken ? ["", .. notes] : notes), StringComparison.Ordinal);
        }

        if (!taken)
            Assert.Contains("reasoning", (await Adapting.RefusedAsync(false, dialect, new ChatOptions().WithExtra("""{"reasoning":{"summary":"auto"}}"""))).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("""{"include_reasoning":false}""")]
    [InlineData("""{"reasoning":{"exclude":true}}""")]
    public async Task Reasoning_that_is_not_wanted_in_the_answer_is_left_to_whoever_reads_it_and_not_sent(string extra)
    {
        foreach (var streaming in new[] { false, true })
        {
            var (sent, _, notes) = await Adapting.ArriveAsync(streaming, Dialect.Default, new ChatOptions().WithExtra(extra));

            Assert.Equal((null, ReasoningOutput.None, ""), (sent.Reasoning?.Effort, sent.Reasoning?.Output, sent.Extra()));
            Assert.Equal(["acme/m: The wish for an answer without its reasoning was not sent: the reasoning is left out of the answer here."], notes);
        }
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_model_that_always_reasons_is_not_asked_not_to(bool streaming)
    {
        var dialect = new Dialect("d") { Reasoning = new() { IsMandatory = true, Efforts = ["low", "high"] } };

        var failure = await Adapting.RefusedAsync(streaming, dialect, new() { Reasoning = new() { Effort = ReasoningEffort.None } });

        Assert.Equal(FailureKind.Unsupported, failure.Kind);
        Assert.Contains("The request asks the model not to reason, but it always does. Remedy: ask for a low effort, or for another model.", failure.Message);
    }

    [Theory]
    [InlineData("""{"reasoning_effort":"low","reasoning":{"effort":"high"}}""", "`reasoning_effort` is 'low', but the reasoning of the request says 'high'; send one of them.")]
    [InlineData("""{"include_reasoning":true,"reasoning":{"exclude":true}}""", "`include_reasoning` contradicts `reasoning.exclude`.")]
    [InlineData("""{"reasoning":{"effort":"high","enabled":false}}""", "`reasoning` asks for reasoning and for none.")]
    [InlineData("""{"reasoning":"high"}""", "`reasoning` must be an object such as {\"effort\":\"low\"}.")]
    [InlineData("""{"reasoning_effort":"very"}""", "`reasoning_effort` must be one of 'none', 'minimal', 'low', 'medium', 'high', 'xhigh', 'max'.")]
    [InlineData("""{"reasoning":{"max_tokens":-1}}""", "`reasoning.max_tokens` must be a whole number of tokens, 0 or more.")]
    [InlineData("""{"reasoning":{"enabled":"yes"}}""", "`reasoning.enabled` must be true or false.")]
    public async Task What_contradicts_itself_or_has_a_wrong_type_is_an_invalid_request(string extra, string sentence)
    {
        foreach (var streaming in new[] { false, true })
        {
            var failure = await Adapting.RefusedAsync(streaming, Dialect.Default, new ChatOptions().WithExtra(extra));

            Assert.Equal(FailureKind.InvalidRequest, failure.Kind);
            Assert.Contains(sentence, failure.Message);
        }
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Whoever_wants_his_parameters_as_they_are_gets_no_other_effort(bool streaming)
    {
        var failure = await Adapting.RefusedAsync(streaming, Dialect.Default, new() { Reasoning = new() { Effort = ReasoningEffort.ExtraHigh } });

        Assert.Equal(FailureKind.Unsupported, failure.Kind);
        Assert.Contains("The request asks for the reasoning effort 'xhigh', and the endpoint knows only 'low', 'medium', 'high'. Remedy: ask for one of them,", failure.Message);
    }

    private static string? WordOf(ReasoningEffort? effort) => effort switch
    {
        null => null,
        ReasoningEffort.ExtraHigh => "xhigh",
        { } known => known.ToString().ToLowerInvariant(),
    };
}
