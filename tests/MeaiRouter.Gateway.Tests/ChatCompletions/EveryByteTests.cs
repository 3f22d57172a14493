using MeaiRouter.Gateway.Tests.Running;
using MeaiRouter.Testing;

namespace MeaiRouter.Gateway.Tests.ChatCompletions;

/// <summary>However a provider's bytes are cut on the wire, streamed and whole answers are one answer.</summary>
public sealed class EveryByteTests : GatewayTest
{
    private static readonly Reply Answer = Reply.Chunks("Zażółć ", "你好 ", "🙂👩‍👩‍👧", "\r\n\n", "end")
        .WithReasoning("Ich überlege 🤔")
        .WithToolCall("weather", new { city = "Łódź", days = new[] { 1, 2 } })
        .WithToolCall("time", "{}")
        .WithUsage(prompt: 40, completion: 20, cached: 10, reasoning: 5);

    [Theory]
    [InlineData(false, 1)]
    [InlineData(false, 7)]
    [InlineData(true, 1)]
    [InlineData(true, 2)]
    [InlineData(true, 3)]
    [InlineData(true, 7)]
    public async Task The_answer_is_the_same_when_its_bytes_arrive_a_few_at_a_time(bool streaming, int writeSize)
    {
        FirstScript.Next(Answer).Next(Answer.WithWriteSize(writeSize));

        var whole = await Gateway.PostAsync(Hello(streaming));
        var split = await Gateway.PostAsync(Hello(streaming));

        Assert.Equal(Masked(whole), Masked(split));
        Assert.Equal("Zażółć 你好 🙂👩‍👩‍👧\r\n\nend", split.Text);
    }

    [Fact]
    public async Task Streamed_and_whole_answers_agree_in_everything()
    {
        FirstScript.Always(Answer);

        var whole = await Gateway.PostAsync(Hello(streaming: false));
        var streamed = await Gateway.PostAsync(Hello(streaming: true));

        Assert.Equal(whole.Text, streamed.Text);
        Assert.Equal((whole.FinishReason, whole.Provider, whole.Cost), (streamed.FinishReason, streamed.Provider, streamed.Cost));
        HttpAnswer.AssertJson(whole.Usage.ToJsonString(), streamed.Usage);
        var message = whole.Json["choices"]![0]!["message"]!;
        var deltas = streamed.Chunks.SelectMany(chunk => chunk["choices"]!.AsArray()).Select(choice => choice!["delta"]!).ToList();
        Assert.Equal((string)message["reasoning"]!, string.Concat(deltas.Select(delta => (string?)delta["reasoning"])));
        Assert.Equal(
            message["tool_calls"]!.AsArray().Select(call => call!.ToJsonString()),
            deltas.SelectMany(delta => delta["tool_calls"]?.AsArray() ?? []).Select((call, index) =>
            {
                Assert.Equal(index, (int)call!["index"]!);
                call.AsObject().Remove("index");
                return call.ToJsonString();
            }));
    }

    private static string Masked(HttpAnswer answer)
    {
        var created = (answer.ContentType == "application/json" ? answer.Json : answer.Chunks[0])["created"]!.ToJsonString();
        return answer.Body.Replace(answer.Id, "ID", StringComparison.Ordinal).Replace($"\"created\":{created}", "\"created\":0", StringComparison.Ordinal);
    }
}
