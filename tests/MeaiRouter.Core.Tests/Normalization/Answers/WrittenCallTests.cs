using MeaiRouter.Core.Tests.Fakes;
using MeaiRouter.Dialects;
using MeaiRouter.Fallback;
using MeaiRouter.Normalization;
using Microsoft.Extensions.AI;

namespace MeaiRouter.Core.Tests.Normalization.Answers;

public sealed class WrittenCallTests
{
    private const string Note = "A call of 'weather' that the model wrote as text was read as a call.";

    public static TheoryData<TextToolCalls, string, string> Calls => new()
    {
        { TextToolCalls.Hermes, """<tool_call>{"name":"weather","arguments":{"city":"Oslo"}}</tool_call>""", """(weather {"city":"Oslo"})""" },
        { TextToolCalls.Hermes, "I look.\n<tool_call>\n{\"name\": \"weather\", \"arguments\": {\"city\": \"Oslo\"}}\n</tool_call>\n", "I look.\n(weather {\"city\":\"Oslo\"})" },
        {
            TextToolCalls.Hermes,
            """<tool_call>{"name":"weather","arguments":{"city":"Oslo"}}</tool_call> <tool_call>{"name":"time"}</tool_call>""",
            """(weather {"city":"Oslo"})(time {})"""
        },
        { TextToolCalls.Hermes, """<tool_call>{"name":"weather","arguments":{"city":"</tool_call>"}}</tool_call>""", """(weather {"city":"\u003C/tool_call\u003E"})""" },
        { TextToolCalls.Hermes, """<tool_call>{"name":"weather","arguments":{"city":"Oslo"}</tool_call>""", """(weather {"city":"Oslo"})""" },
        { TextToolCalls.Hermes, """<tool_call>{"name":"weather","arguments":"{\"city\":\"Oslo\"}"}""", """(weather {"city":"Oslo"})""" },
        { TextToolCalls.Hermes, """a < b <tool <tool_call>{'name':'weather','arguments':{'city':'Oslo',}}</tool_call>""", """a < b <tool (weather {"city":"Oslo"})""" },
        { TextToolCalls.Mistral, """[TOOL_CALLS][{"name":"weather","arguments":{"city":"Oslo"}},{"name":"time","arguments":{}}]""", """(weather {"city":"Oslo"})(time {})""" },
        { TextToolCalls.Mistral, """So [TOOL_CALLS] weather[CALL_ID]abcDEF123[ARGS]{"city":"Oslo"}[TOOL_CALLS]time[ARGS]{}""", """So (weather {"city":"Oslo"})(time {})""" },
        { TextToolCalls.Llama, """{"name": "weather", "parameters": {"city": "Oslo"}}""", """(weather {"city":"Oslo"})""" },
        { TextToolCalls.Llama, """{"type":"function","name":"weather","parameters":{"city":"Oslo"}}""", """(weather {"city":"Oslo"})""" },
        { TextToolCalls.Llama, """<|python_tag|>{"name":"weather","parameters":{"city":"Oslo"}}; {"name":"time","parameters":{}}""", """(weather {"city":"Oslo"})(time {})""" },
        { TextToolCalls.Any, """<tool_call>{"function":{"name":"weather","arguments":{"city":"Oslo"}}}</tool_call>""", """(weather {"city":"Oslo"})""" },
    };

    public static TheoryData<TextToolCalls, string> Texts => new()
    {
        { TextToolCalls.Any, """Models write <tool_call>{"name":"other","arguments":{}}</tool_call> for a call.""" },
        { TextToolCalls.Any, """Models write <tool_call> before and </tool_call> after, and [TOOL_CALLS] too.""" },
        { TextToolCalls.Any, """[TOOL_CALLS][{"name":"other","arguments":{}}]""" },
        { TextToolCalls.Any, """{"name":"Bob","parameters":{}}""" },
        { TextToolCalls.Any, """{"name":"weather"}""" },
        { TextToolCalls.Any, """{"title":"weather","parameters":{}}""" },
        { TextToolCalls.Any, """{"name":"weather","parameters":{}} is how it is written""" },
        { TextToolCalls.Any, """<tool_call>{"name":"weather","arguments":{"city":"Os""" },
        { TextToolCalls.Any, """<tool_call>{"name":"weather","arguments":7}</tool_call>""" },
        { TextToolCalls.Any, "<tool_call" },
        { TextToolCalls.Any, "if (a < b && b[0] > c) { return; }" },
        { TextToolCalls.Mistral, """<tool_call>{"name":"weather","arguments":{"city":"Oslo"}}</tool_call>""" },
        { TextToolCalls.Hermes, """{"name":"weather","parameters":{"city":"Oslo"}}""" },
        { TextToolCalls.None, """<tool_call>{"name":"weather","arguments":{"city":"Oslo"}}</tool_call>""" },
    };

    [Theory]
    [MemberData(nameof(Calls))]
    public async Task Calls_of_declared_tools_are_read_out_of_the_text_however_it_is_cut(TextToolCalls forms, string text, string shown)
    {
        foreach (var streaming in new[] { false, true })
        {
            for (var pieces = 1; pieces <= text.Length; pieces += streaming ? 1 : text.Length)
            {
                var response = await AskAsync(forms, streaming, pieces, text);

                Assert.Equal((shown, ChatFinishReason.ToolCalls), (response.Shown(), response.FinishReason));
                Assert.Contains(Note, response.Notes());
                var ids = response.Messages.SelectMany(message => message.Contents).OfType<FunctionCallContent>().Select(call => call.CallId).ToList();
                Assert.Equal(ids.Count, ids.Distinct().Count());
                Assert.All(ids, id => Assert.Matches("^(call_[a-zA-Z0-9]{24}|abcDEF123)$", id));
            }
        }
    }

    [Theory]
    [MemberData(nameof(Texts))]
    public async Task Everything_else_stays_text_to_the_letter(TextToolCalls forms, string text)
    {
        foreach (var streaming in new[] { false, true })
        {
            for (var pieces = 1; pieces <= text.Length; pieces++)
            {
                var response = await AskAsync(forms, streaming, pieces, text);
                Assert.Equal((text, ChatFinishReason.Stop), (response.Shown(), response.FinishReason));
                Assert.Empty(response.Notes());
            }
        }
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Without_tools_or_where_none_may_be_called_nothing_is_read_out(bool streaming)
    {
        const string Text = """<tool_call>{"name":"weather","arguments":{}}</tool_call>""";
        var none = Answering.WithTools("weather");
        none.ToolMode = ChatToolMode.None;

        foreach (var options in new[] { none, new ChatOptions() })
            Assert.Equal(Text, (await Answering.AskAsync(new() { TextToolCalls = TextToolCalls.Any }, streaming, options, 3, Text, ChatFinishReason.Stop)).Shown());
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_call_cut_by_length_is_none(bool streaming)
    {
        const string Text = """<tool_call>{"name":"weather","arguments":{"city":"Oslo"}""";

        var response = await Answering.AskAsync(
            new() { TextToolCalls = TextToolCalls.Any }, streaming, Answering.WithTools("weather"), 3, Text, ChatFinishReason.Length);

        Assert.Equal((Text, ChatFinishReason.Length), (response.Shown(), response.FinishReason));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_call_may_follow_reasoning_in_tags(bool streaming) => Assert.Equal(
        "[I look]So: (weather {})",
        (await AskAsync(TextToolCalls.Hermes, streaming, 3, """<think>I look</think>So: <tool_call>{"name":"weather"}</tool_call>""")).Shown());

    [Fact]
    public async Task Prose_before_a_call_does_not_wait_for_it()
    {
        var (updates, _) = await Answering.Client(
            new() { TextToolCalls = TextToolCalls.Any }, ["I lo", "ok <to", "ol_call>{", """ "name":"weather"}</tool_call>""", ChatFinishReason.Stop], pieces: 100)
            .ReadAsync(Answering.WithTools("weather"));

        Assert.Equal(
            ["I lo", "ok ", "", "(weather null)", ""],
            updates.Take(5).Select(update => new ChatResponse(new ChatMessage(ChatRole.Assistant, update.Contents)).Shown().Replace("{}", "null", StringComparison.Ordinal)).ToArray());
    }

    [Fact]
    public async Task While_a_call_is_being_written_the_stream_is_not_silent()
    {
        var time = new ManualTimeProvider();
        var (first, second) = (new TaskCompletionSource(), new TaskCompletionSource());
        var (firstReached, secondReached) = (new TaskCompletionSource(), new TaskCompletionSource());
        var provider = FakeChatClient.Playing(
            "I look.", "<tool_call>{", Pausing(firstReached, first), "\"name\":", Pausing(secondReached, second), "\"weather\"}</tool_call>", ChatFinishReason.Stop);
        var normalizing = new NormalizingChatClient(provider, new Dialect("test") { Answers = new() { TextToolCalls = TextToolCalls.Hermes } });
        var asked = new FallbackChatClient(normalizing, TestPipeline.Unheld, time).AskAsync(streaming: true, Answering.WithTools("weather"));

        await firstReached.Task.Soon();
        time.Advance(TimeSpan.FromSeconds(20));
        first.SetResult();
        await secondReached.Task.Soon();
        time.Advance(TimeSpan.FromSeconds(20));
        second.SetResult();

        Assert.Equal("I look.(weather {})", (await asked).Shown());
    }

    private static Step Pausing(TaskCompletionSource reached, TaskCompletionSource gate) => new(async token =>
    {
        reached.TrySetResult();
        await gate.Task.WaitAsync(token);
        return null;
    });

    private static Task<ChatResponse> AskAsync(TextToolCalls forms, bool streaming, int pieces, string text) => Answering.AskAsync(
        new() { TextToolCalls = forms }, streaming, Answering.WithTools("weather", "time"), pieces, text, ChatFinishReason.Stop);
}
