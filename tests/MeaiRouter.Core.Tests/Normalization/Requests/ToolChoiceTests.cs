using MeaiRouter.Attempts;
using MeaiRouter.Catalog;
using MeaiRouter.Dialects;
using Microsoft.Extensions.AI;

namespace MeaiRouter.Core.Tests.Normalization.Requests;

public sealed class ToolChoiceTests
{
    private static readonly ChatMessage[] WithCalls =
    [
        new(ChatRole.User, "Hi"), new(ChatRole.Assistant, [new FunctionCallContent("c1", "one")]), new(ChatRole.Tool, [new FunctionResultContent("c1", "r")]),
    ];

    [Theory]
    [InlineData("required", ToolChoiceForms.AutoOnly, null, "one,two", 1)]
    [InlineData("required", ToolChoiceForms.Required, "required", "one,two", 0)]
    [InlineData("two", ToolChoiceForms.Required, "required", "two", 1)]
    [InlineData("two", ToolChoiceForms.AutoOnly, null, "two", 1)]
    [InlineData("two", ToolChoiceForms.Named, "two", "one,two", 0)]
    [InlineData("none", ToolChoiceForms.Required | ToolChoiceForms.Named, null, "", 1)]
    [InlineData("none", ToolChoiceForms.None, "none", "one,two", 0)]
    [InlineData("auto", ToolChoiceForms.AutoOnly, "auto", "one,two", 0)]
    [InlineData("unknown", ToolChoiceForms.Required, "required", "one,two", 1)]
    public async Task A_choice_becomes_one_that_the_endpoint_takes(string choice, ToolChoiceForms forms, string? sentChoice, string sentTools, int noteCount)
    {
        var dialect = new Dialect("d") { Tools = new() { Choices = forms } };
        foreach (var streaming in new[] { false, true })
        {
            var inOptions = await Adapting.ArriveAsync(streaming, dialect, new() { Tools = [Adapting.Tool("one"), Adapting.Tool("two")], ToolMode = ModeOf(choice) });
            var inExtra = await Adapting.ArriveAsync(streaming, dialect, new ChatOptions { Tools = [Adapting.Tool("one"), Adapting.Tool("two")] }
                .WithExtra(choice is "one" or "two" or "unknown"
                    ? $$$"""{ "tool_choice": { "type": "function", "function": { "name": "{{{choice}}}" } } }"""
                    : $$"""{ "tool_choice": "{{choice}}" }"""));

            Assert.Equal((sentChoice, sentTools, noteCount), (WordOf(inOptions.Options.ToolMode), NamesOf(inOptions.Options), inOptions.Notes.Count));
            Assert.Equal((sentTools, noteCount), (NamesOf(inExtra.Options), inExtra.Notes.Count));
            if (noteCount > 0)
                Assert.Equal((sentChoice, ""), (WordOf(inExtra.Options.ToolMode), inExtra.Options.Extra()));
        }
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_choice_that_is_taken_only_without_reasoning_is_adapted_where_the_request_asks_for_reasoning(bool streaming)
    {
        var dialect = new Dialect("d") { Tools = new() { ChoicesWhileReasoning = ToolChoiceForms.None } };
        ChatOptions Asking(ReasoningEffort effort) =>
            new() { Tools = [Adapting.Tool("one"), Adapting.Tool("two")], ToolMode = ChatToolMode.RequireSpecific("two"), Reasoning = new() { Effort = effort } };

        var off = await Adapting.ArriveAsync(
            streaming, dialect with { Reasoning = new() { Efforts = ["none", "high"] } }, Asking(ReasoningEffort.None));
        var on = await Adapting.ArriveAsync(streaming, dialect, Asking(ReasoningEffort.High));

        Assert.Equal(("two", "one,two", 0), (WordOf(off.Options.ToolMode), NamesOf(off.Options), off.Notes.Count));
        Assert.Equal((null, "two", 1), (WordOf(on.Options.ToolMode), NamesOf(on.Options), on.Notes.Count));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task The_tools_stay_where_the_conversation_holds_calls_and_words_forbid_more(bool streaming)
    {
        var dialect = new Dialect("d") { Tools = new() { Choices = ToolChoiceForms.AutoOnly } };

        var (sent, _, notes) = await Adapting.ArriveAsync(
            streaming, dialect, new() { Tools = [Adapting.Tool("one")], ToolMode = ChatToolMode.None, Instructions = "Be brief." }, WithCalls);

        Assert.Equal((null, "one", "Be brief.\n\nDo not call any tool; answer yourself."), (sent.ToolMode, NamesOf(sent), sent.Instructions));
        Assert.Equal(
            ["acme/m: The request asks for `tool_choice` 'none', which the endpoint does not take; 'auto' was sent, with an instruction to call none."], notes);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Whoever_wants_his_parameters_as_they_are_gets_no_weaker_choice_but_an_equal_one(bool streaming)
    {
        var dialect = new Dialect("d") { Tools = new() { Choices = ToolChoiceForms.AutoOnly } };

        var failure = await Adapting.RefusedAsync(streaming, dialect, new() { Tools = [Adapting.Tool("one")], ToolMode = ChatToolMode.RequireAny });

        Assert.Equal(FailureKind.Unsupported, failure.Kind);
        Assert.Contains("The request asks for `tool_choice` 'required', which the endpoint does not take. Remedy: send 'auto',", failure.Message);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Tools_that_are_not_taken_are_a_refusal_and_never_dropped(bool streaming)
    {
        var byList = new ModelEndpoint("acme", "m") { SupportedParameters = ["temperature"] };
        var byDialect = new ModelEndpoint("acme", "m")
        {
            Dialect = new Dialect("d") { Parameters = new Dictionary<string, ParameterRule> { ["tools"] = ParameterRule.Refused } },
        };
        var tooMany = new ModelEndpoint("acme", "m") { Dialect = new Dialect("d") { Tools = new() { MaxCount = 1 } } };
        var options = new ChatOptions { Tools = [Adapting.Tool("one"), Adapting.Tool("two")] };

        foreach (var (endpoint, sentence) in new[]
        {
            (byList, "`tools` (2), which the endpoint's list of supported parameters does not take."),
            (byDialect, "`tools` (2), which the dialect 'd' does not take."),
            (tooMany, "`tools` (2), more than 1, the most the endpoint takes."),
        })
        {
            var failure = await Assert.ThrowsAsync<RouterException>(() => Adapting.ArriveAsync(streaming, endpoint, options));
            Assert.Equal(FailureKind.Unsupported, failure.Kind);
            Assert.Contains(sentence, failure.Message);
        }

        var unused = await Adapting.ArriveAsync(streaming, byList, new() { Tools = options.Tools, ToolMode = ChatToolMode.None });
        Assert.Null(unused.Options.Tools);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Strictness_that_is_not_taken_is_left_out_of_every_tool(bool streaming)
    {
        var dialect = new Dialect("d") { Tools = new() { TakesStrict = false } };
        var options = new ChatOptions
        {
            Tools = [Adapting.Tool("own", strict: true), Adapting.Tool("inherits"), Adapting.Tool("lenient", strict: false), new HostedWebSearchTool()],
            AdditionalProperties = new() { ["strict"] = true },
        };

        var (sent, _, notes) = await Adapting.ArriveAsync(streaming, dialect, options);

        Assert.Equal([null, null, false], sent.Tools!.OfType<AIFunctionDeclaration>().Select(tool => tool.AdditionalProperties["strict"]));
        Assert.Same(options.Tools[2], sent.Tools![2]);
        Assert.Same(options.Tools[3], sent.Tools![3]);
        Assert.Equal(["acme/m: The request asks for `strict` tools, which the endpoint does not take; it was left out."], notes);
    }

    private static ChatToolMode ModeOf(string choice) => choice switch
    {
        "auto" => ChatToolMode.Auto,
        "none" => ChatToolMode.None,
        "required" => ChatToolMode.RequireAny,
        _ => ChatToolMode.RequireSpecific(choice),
    };

    private static string? WordOf(ChatToolMode? mode) => mode switch
    {
        null => null,
        NoneChatToolMode => "none",
        RequiredChatToolMode required => required.RequiredFunctionName ?? "required",
        _ => "auto",
    };

    private static string NamesOf(ChatOptions options) => string.Join(',', options.Tools?.Select(tool => tool.Name) ?? []);
}
