using MeaiRouter.Core.Tests.Fakes;
using MeaiRouter.Routing;
using Microsoft.Extensions.AI;

namespace MeaiRouter.Core.Tests.Normalization;

/// <summary>Streamed or whole, the same answer is the same: text, reasoning, tool calls, usage, finish reason, cost.</summary>
public sealed class StreamAgreementTests
{
    [Fact]
    public async Task Answers_of_many_shapes_agree_in_both_modes()
    {
        var random = new Random(4);
        string[] natives = ["stop", "end_turn", "length", "tool_use", "function_call", "eos", "SAFETY", "weary"];

        for (var round = 0; round < 300; round++)
        {
            var steps = new List<Step> { Step.Role };
            for (var i = random.Next(1, 6); i > 0; i--)
            {
                steps.Add(random.Next(5) switch
                {
                    0 => new TextReasoningContent("because "),
                    1 => new FunctionCallContent($"c{i}", "f", new Dictionary<string, object?> { ["x"] = i }),
                    2 => Step.Empty,
                    _ => "word ",
                });
            }

            // At least one content, or the answer is a failure in both modes.
            steps.Add("end");
            steps.Insert(random.Next(1, steps.Count + 1), new ChatFinishReason(natives[random.Next(natives.Length)]));
            if (random.Next(2) == 0)
                steps.Add(new UsageDetails { InputTokenCount = 10, CachedInputTokenCount = 4, OutputTokenCount = 6, ReasoningTokenCount = 2, TotalTokenCount = 16 });

            var pipeline = TestPipeline.Of(new FakeChatClient([.. steps]));
            Assert.Equal(Seen(await pipeline.AskAsync(streaming: false)), Seen(await pipeline.AskAsync(streaming: true)));
        }
    }

    private static string Seen(ChatResponse response)
    {
        var contents = response.Messages.SelectMany(message => message.Contents).ToList();
        var attempt = response.Trace().Attempts.Single();
        return string.Join(
            "|",
            response.Text,
            string.Concat(contents.OfType<TextReasoningContent>().Select(reasoning => reasoning.Text)),
            string.Join(",", contents.OfType<FunctionCallContent>().Select(call => $"{call.CallId}{call.Name}{call.Arguments!["x"]}")),
            $"{response.Usage?.InputTokenCount} {response.Usage?.OutputTokenCount} {response.Usage?.CachedInputTokenCount} {response.Usage?.ReasoningTokenCount}",
            response.FinishReason,
            attempt.FinishReason,
            attempt.NativeFinishReason,
            attempt.ServedModel,
            attempt.Usage,
            response.GetCost(),
            string.Join(",", response.Trace().Notes));
    }
}
