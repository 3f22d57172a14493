using MeaiRouter.Pricing;
using MeaiRouter.Testing;
using Microsoft.Extensions.AI;

namespace MeaiRouter.Tests.EndToEnd;

public sealed class SameAnswerTests
{
    public static TheoryData<int> WriteSizes() => [1, 2, 3, 5, 7, 64, 4096];

    [Theory]
    [MemberData(nameof(WriteSizes))]
    public async Task A_stream_gives_the_same_answer_as_a_whole_response_however_its_bytes_are_split(int bytesPerWrite)
    {
        var reply = Reply.Text("Grüße aus 東京 🍣")
            .WithReasoning("Thinking é 思")
            .WithToolCall("get_weather", new { city = "Zürich", days = 3 }, "call_1")
            .WithToolCall("get_time", new { zone = "UTC" }, "call_2")
            .WithUsage(prompt: 1_000, completion: 200, cached: 300, cacheWrite: 100, reasoning: 50);
        await using var providers = await TwoProviders.StartAsync(reply.WithWriteSize(bytesPerWrite), Reply.Text("Not asked."));

        var whole = await providers.AskAsync(streaming: false);
        var streamed = await providers.AskAsync(streaming: true);

        Assert.Equal("Grüße aus 東京 🍣", whole.Text);
        Assert.Equal(whole.Text, streamed.Text);
        Assert.Equal("Thinking é 思", Reasoning(whole));
        Assert.Equal(Reasoning(whole), Reasoning(streamed));
        Assert.Equal(["call_1 get_weather {\"city\":\"Zürich\",\"days\":\"3\"}", "call_2 get_time {\"zone\":\"UTC\"}"], Calls(whole));
        Assert.Equal(Calls(whole), Calls(streamed));
        Assert.Equal(ChatFinishReason.ToolCalls, whole.FinishReason);
        Assert.Equal(whole.FinishReason, streamed.FinishReason);

        var usage = whole.GetRouteTrace()!.Answer!.Usage;
        Assert.Equal(new TokenUsage { Input = 600, CacheRead = 300, CacheWrite = 100, Output = 150, Reasoning = 50, Requests = 1 }, usage);
        Assert.Equal(usage, streamed.GetRouteTrace()!.Answer!.Usage);

        // 600 at $1, 300 at $0.10, 100 at $1.25, 150 at $2 and 50 at $3, each for a million.
        Assert.Equal(new NanoUsd(600_000 + 30_000 + 125_000 + 300_000 + 150_000), whole.GetCost());
        Assert.Equal(whole.GetCost(), streamed.GetCost());
        Assert.Single(streamed.Messages);
    }

    private static string Reasoning(ChatResponse response) =>
        string.Concat(response.Messages.SelectMany(message => message.Contents).OfType<TextReasoningContent>().Select(content => content.Text));

    private static IEnumerable<string> Calls(ChatResponse response) => response.Messages
        .SelectMany(message => message.Contents)
        .OfType<FunctionCallContent>()
        .Select(call => $"{call.CallId} {call.Name} {{{string.Join(",", call.Arguments!.Select(argument => $"\"{argument.Key}\":\"{argument.Value}\""))}}}");
}
