using MeaiRouter.Core.Tests.Fakes;
using MeaiRouter.Costs;
using MeaiRouter.Dialects;
using MeaiRouter.Normalization;
using MeaiRouter.Normalization.Answers;
using MeaiRouter.Routing;
using Microsoft.Extensions.AI;

namespace MeaiRouter.Core.Tests.Normalization.Answers;

public sealed class ThinkTagTests
{
    private static readonly AnswerRules Opened = new() { BeginsThinking = true };
    private static readonly ChatOptions Hidden = new() { Reasoning = new() { Output = ReasoningOutput.None } };

    public static TheoryData<string, string, string> Tagged => new()
    {
        { "<think>because</think>Hello", "[because]", "Hello" },
        { "\n <think>\nbecause\n</think>\n\nHello\n", "[because\n]", "Hello\n" },
        { "<thinking>because</think></thinking>Hello", "[because</think>]", "Hello" },
        { "<THINK>because</Think>Hello", "[because]", "Hello" },
        { "<think>\n\n</think>\n\nHello", "", "Hello" },
        { "<think>a < b </ think> c</think>d <think>e</think>", "[a < b </ think> c]", "d <think>e</think>" },
        { "<think>because</thi", "[because</thi]", "" },
        { "<think>because", "[because]", "" },
        { "<think>because</think>", "[because]", "" },
    };

    public static TheoryData<string> Untagged =>
        ["Hello <think>not</think>", "<thin", "<thinker>x</thinker>", "<b>bold</b>", "  \n ", " < think>", "</think>Hello", new string(' ', 65) + "<think>x</think>y"];

    [Theory]
    [MemberData(nameof(Tagged))]
    public async Task What_stands_in_tags_at_the_beginning_is_reasoning_however_it_is_cut(string text, string thought, string answer)
    {
        for (var pieces = 1; pieces <= text.Length; pieces++)
        {
            var response = await Answering.AskAsync(AnswerRules.Default, streaming: true, null, pieces, text, ChatFinishReason.Stop);
            Assert.Equal((thought + answer, answer, ChatFinishReason.Stop), (response.Shown(), response.Text, response.FinishReason));
        }

        Assert.Equal(thought + answer, (await Answering.AskAsync(AnswerRules.Default, streaming: false, null, text.Length, text, ChatFinishReason.Stop)).Shown());
    }

    [Theory]
    [MemberData(nameof(Untagged))]
    public async Task Other_text_is_all_there(string text)
    {
        foreach (var streaming in new[] { false, true })
        {
            for (var pieces = 1; pieces <= text.Length; pieces++)
                Assert.Equal(text, (await Answering.AskAsync(AnswerRules.Default, streaming, null, pieces, text, ChatFinishReason.Stop)).Shown());
        }
    }

    [Theory]
    [InlineData("<thought>because</thought>Hello", "[because]Hello")]
    [InlineData("<th>because</th>Hello", "[because]Hello")]
    [InlineData("<think>because</think>Hello", "<think>because</think>Hello")]
    [InlineData("<t", "<t")]
    public async Task Tags_have_the_names_that_the_endpoint_gives_them(string text, string shown)
    {
        var rules = new AnswerRules { ThinkTagNames = ["thought", "th"] };
        for (var pieces = 1; pieces <= text.Length; pieces++)
            Assert.Equal(shown, (await Answering.AskAsync(rules, streaming: true, null, pieces, text, ChatFinishReason.Stop)).Shown());
        Assert.Equal(shown, (await Answering.AskAsync(rules, streaming: false, null, text.Length, text, ChatFinishReason.Stop)).Shown());
        Assert.Equal("[a]b", (await Answering.AskAsync(rules with { BeginsThinking = true }, streaming: true, null, 3, "a</thought>b", ChatFinishReason.Stop)).Shown());
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Where_the_template_opens_the_tag_only_the_closing_one_is_needed(bool streaming)
    {
        for (var pieces = 1; pieces < 20; pieces++)
        {
            Assert.Equal("[because]Hello", (await Answering.AskAsync(Opened, streaming, null, pieces, "because</think>Hello", ChatFinishReason.Stop)).Shown());
            Assert.Equal("[because]Hello", (await Answering.AskAsync(Opened, streaming, null, pieces, "<think>because</think>Hello", ChatFinishReason.Stop)).Shown());
            Assert.Equal("[because]", (await Answering.AskAsync(Opened, streaming, null, pieces, "because", ChatFinishReason.Length)).Shown());
        }
    }

    [Theory]
    [InlineData("Hello", "Hello")]
    [InlineData("\n Hello <b></thin", "Hello <b></thin")]
    [InlineData("<think>because", "")]
    public async Task An_answer_that_ends_without_the_closing_tag_that_its_template_opened_is_the_answer(string text, string answer)
    {
        var whole = await Answering.AskAsync(Opened, streaming: false, null, text.Length, text, ChatFinishReason.Stop);
        Assert.Equal((answer.Length > 0 ? answer : "[because]", answer), (whole.Shown(), whole.Text));
        for (var pieces = 1; pieces <= text.Length; pieces++)
        {
            // What was streamed as reasoning is said again, unless it is still there to be changed.
            var streamed = await Answering.AskAsync(Opened, streaming: true, null, pieces, text, ChatFinishReason.Stop);
            Assert.Equal(answer, streamed.Text);
            var hidden = await Answering.AskAsync(Opened, streaming: true, Hidden, pieces, text, ChatFinishReason.Stop);
            Assert.Equal((answer, answer), (hidden.Text, hidden.Shown()));
        }
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Before_a_tool_call_unclosed_reasoning_stays_reasoning(bool streaming)
    {
        var response = await Answering.AskAsync(Opened, streaming, null, 100, "I should look.", new FunctionCallContent("call_1", "weather"), ChatFinishReason.ToolCalls);

        Assert.StartsWith("[I should look.]", response.Shown(), StringComparison.Ordinal);
        Assert.Equal("", response.Text);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task What_is_said_again_is_noted_and_paid_once(bool hides)
    {
        const string Text = "It rains in Oslo, in Bergen and in Trondheim, and tomorrow it will rain again.";
        const string Note = "The answer ended without the tag that closes its reasoning: what was taken for reasoning is the answer.";
        var (usages, notes) = (new List<long>(), new List<string>());
        foreach (var (rules, pieces) in new[] { (AnswerRules.Default, 7), (Opened, 7), (Opened, 1_000) })
        {
            var client = new CostTrackingChatClient(Answering.Client(rules, [Text, ChatFinishReason.Stop], pieces));
            var response = await client.AskAsync(streaming: true, hides ? Hidden : null);
            Assert.Equal(Text, response.Text);
            usages.Add(response.Trace().Attempts.Single().Usage!.Value.TotalOutput);
            notes.Add(string.Join('|', response.Notes()));
        }

        Assert.Equal((usages[0], usages[0]), (usages[1], usages[2]));
        Assert.Equal(["", hides ? Note : Note + " It had been streamed as reasoning, and follows as text."], notes[..2]);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_server_that_gives_the_reasoning_apart_leaves_only_the_answer_in_the_text(bool streaming) => Assert.Equal(
        "[because]Hello",
        (await Answering.AskAsync(Opened, streaming, null, 1, new TextReasoningContent("because"), "Hello", ChatFinishReason.Stop)).Shown());

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_dialect_without_tags_leaves_them_in_the_text(bool streaming) => Assert.Equal(
        "<think>a</think>b",
        (await Answering.AskAsync(new() { ThinkTags = false }, streaming, null, 1, "<think>a</think>b", ChatFinishReason.Stop)).Shown());

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task After_anything_but_reasoning_there_is_no_beginning(bool streaming) => Assert.Equal(
        "<DataContent><thi<DataContent>nk>a</think>",
        (await Answering.AskAsync(
            AnswerRules.Default, streaming, null, 100, new DataContent(new byte[] { 1 }, "image/png"), "<thi", new DataContent(new byte[] { 1 }, "image/png"),
            "nk>a</think>", ChatFinishReason.Stop)).Shown());

    [Fact]
    public async Task Text_is_held_back_only_while_it_may_become_a_tag()
    {
        var (updates, _) = await Answering.Client(AnswerRules.Default, ["<", "think", ">be", "cause<", "/p></thin", "k>", " Hel", "lo", ChatFinishReason.Stop], pieces: 100).ReadAsync();

        Assert.Equal(
            ["", "", "[be]", "[cause]", "[</p>]", "", "Hel", "lo", "", ""],
            updates.Select(update => new ChatResponse(new ChatMessage(ChatRole.Assistant, update.Contents)).Shown()).ToArray());
    }

    [Fact]
    public async Task An_answer_without_tags_comes_as_the_provider_gave_it()
    {
        AIContent[] sent = [new TextContent("Hello"), new TextContent(" <think>"), new TextContent("world")];

        var (updates, _) = await new NormalizingChatClient(new FakeChatClient([.. sent.Select(content => (Step)content), ChatFinishReason.Stop])).ReadAsync();

        for (var i = 0; i < sent.Length; i++)
            Assert.Same(sent[i], updates[i].Contents.Single());
        var whole = new ChatResponse(new ChatMessage(ChatRole.Assistant, [new TextContent("Hello")])) { FinishReason = ChatFinishReason.Stop };
        var contents = whole.Messages[0].Contents;
        var response = await new NormalizingChatClient(new FakeChatClient { Whole = () => whole }).AskAsync(streaming: false);
        Assert.Same(contents, response.Messages[0].Contents);
    }

    [Fact]
    public void An_update_that_needs_no_change_costs_nothing()
    {
        var reader = new AnswerReader(Dialect.Default, new RouteNotes(new RouteContext(null)), new ChatOptions(), new ChatOptions(), StructuredStreaming.Hold, attempt: null);
        var update = new ChatResponseUpdate(ChatRole.Assistant, "word ");
        reader.Read(update);

        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < 1_000; i++)
            Assert.True(ReferenceEquals(update, reader.Read(update)));

        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
    }
}
