using System.Text;
using System.Text.Json;
using MeaiRouter.Anthropic.Tests.Serving;
using Microsoft.Extensions.AI;

namespace MeaiRouter.Anthropic.Tests;

public sealed class SplitTests
{
    private static readonly MessagesAnswer Answer = MessagesAnswer.Of(
        MessagesAnswer.Thinking("Größe?", "sig-1"), MessagesAnswer.Block("text", "Hé 🙂"), MessagesAnswer.ToolUse("toolu_1", "f", """{"x":"ü"}"""));

    [Fact]
    public async Task A_stream_is_the_same_wherever_its_bytes_are_split()
    {
        var body = string.Concat(Answer.Events("claude").Select(MessagesAnswer.Sse));
        var expected = Describe(await AskAsync(body));
        Assert.Equal("Größe?|sig-1|Hé 🙂|toolu_1 f ü|ToolCalls|10+7", expected);

        for (var cut = 1; cut < Encoding.UTF8.GetByteCount(body); cut++)
            Assert.Equal((cut, expected), (cut, Describe(await AskAsync(body, cut))));
    }

    [Fact]
    public async Task A_stream_cut_off_at_any_byte_is_a_failure_and_never_a_shorter_answer()
    {
        var body = Encoding.UTF8.GetBytes(string.Concat(Answer.Events("claude").Select(MessagesAnswer.Sse)));
        var end = Encoding.UTF8.GetString(body).LastIndexOf("event: message_stop", StringComparison.Ordinal);
        for (var length = 0; length < Encoding.UTF8.GetByteCount(Encoding.UTF8.GetString(body)[..end]); length += 7)
        {
            var cut = Encoding.UTF8.GetString(body.AsSpan(0, length));
            var failure = await Assert.ThrowsAsync<Attempts.RouterException>(() => AskAsync(cut));
            Assert.True(failure.Kind is Attempts.FailureKind.Truncated or Attempts.FailureKind.MalformedAnswer, $"{length}: {failure.Kind}");
        }
    }

    [Fact]
    public async Task The_whole_answer_is_the_same_as_the_streamed_one()
    {
        var streamed = Describe(await AskAsync(string.Concat(Answer.Events("claude").Select(MessagesAnswer.Sse))));
        using var client = new AnthropicMessagesChatClient(new AnthropicMessagesOptions { DefaultModelId = "claude" }, new HttpClient(new FixedAnswer(Answer.Whole("claude"), "application/json")));

        var whole = await client.GetResponseAsync("?");

        Assert.Equal(streamed, Describe(whole));
        Assert.Equal(
            whole.Messages[0].Contents.Select(content => content.GetType()),
            (await AskAsync(string.Concat(Answer.Events("claude").Select(MessagesAnswer.Sse)))).Messages[0].Contents.Select(content => content.GetType()));
    }

    private static async Task<ChatResponse> AskAsync(string body, params int[] cuts)
    {
        using var client = new AnthropicMessagesChatClient(
            new AnthropicMessagesOptions { DefaultModelId = "claude" }, new HttpClient(new FixedAnswer(body, "text/event-stream", cuts)));
        return await client.GetStreamingResponseAsync("?").ToChatResponseAsync();
    }

    private static string Describe(ChatResponse response)
    {
        var reasoning = response.Messages[0].Contents.OfType<TextReasoningContent>().ToList();
        var signature = JsonElement.Parse(reasoning.Single(part => part.ProtectedData is not null).ProtectedData!)[0].GetProperty("signature").GetString();
        var call = response.Messages[0].Contents.OfType<FunctionCallContent>().Single();
        return $"{string.Concat(reasoning.Select(part => part.Text))}|{signature}|{response.Text}|{call.CallId} {call.Name} {call.Arguments!["x"]}|"
            + $"{(response.FinishReason == ChatFinishReason.ToolCalls ? "ToolCalls" : response.FinishReason)}|{response.Usage!.InputTokenCount}+{response.Usage.OutputTokenCount}";
    }
}
