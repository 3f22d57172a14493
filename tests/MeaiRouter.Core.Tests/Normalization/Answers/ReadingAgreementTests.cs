using System.Text;
using System.Text.Json;
using MeaiRouter.Attempts;
using MeaiRouter.Core.Tests.Fakes;
using MeaiRouter.Core.Tests.Schemas;
using MeaiRouter.Dialects;
using MeaiRouter.Normalization;
using MeaiRouter.Routing;
using Microsoft.Extensions.AI;

namespace MeaiRouter.Core.Tests.Normalization.Answers;

/// <summary>Whole or streamed, and however it is cut, an answer is read the same, and never lost.</summary>
public sealed class ReadingAgreementTests
{
    private static readonly ChatFinishReason[] Reasons = [ChatFinishReason.Stop, ChatFinishReason.Length, new("end_turn"), new("tool_use")];

    [Fact]
    public async Task Answers_at_random_are_read_the_same_cut_at_every_position()
    {
        var random = new Random(8);
        for (var round = 0; round < 150; round++)
        {
            var (text, reason) = (Answer(random), Reasons[random.Next(Reasons.Length)]);
            var rules = new AnswerRules { BeginsThinking = random.Next(5) == 0, TextToolCalls = (TextToolCalls)random.Next(8) };
            var options = Options(random);
            var whole = await ReadAsync(rules, options, streaming: false, [text], reason);

            for (var position = 1; position < text.Length; position++)
                Assert.Equal(whole, await ReadAsync(rules, options, streaming: true, [text[..position], text[position..]], reason));
            Assert.Equal(whole, await ReadAsync(rules, options, streaming: true, [.. text.Select(c => $"{c}")], reason));
        }
    }

    [Fact]
    public async Task Garbage_throws_nothing_but_our_own_and_loses_no_usage()
    {
        var random = new Random(9);
        string[] parts =
        [
            "<think>", "</think>", "<tool_call>", "</tool_call>", "[TOOL_CALLS]", "<|python_tag|>", "{\"name\":\"weather\",", "\"arguments\":", "{", "}", "[", "]",
            "\"", ":", ",", "\\", "\uD83D", "\\ud83d", "\uFEFF", "```", " ", "\n", "null", "1e", "word",
        ];
        for (var round = 0; round < 3_000; round++)
        {
            var texts = Enumerable.Range(0, random.Next(1, 12)).Select(_ => parts[random.Next(parts.Length)]).ToArray();
            var rules = new AnswerRules { BeginsThinking = random.Next(2) == 0, TextToolCalls = (TextToolCalls)random.Next(8) };
            var usage = new UsageDetails { InputTokenCount = 10, OutputTokenCount = 5 };
            foreach (var streaming in new[] { false, true })
            {
                var client = Pipeline(rules, [.. texts.Select(text => (Step)text), ChatFinishReason.Stop, usage]);
                IReadOnlyList<RouteAttempt> attempts;
                try
                {
                    attempts = (await client.AskAsync(streaming, Options(random))).Trace().Attempts;
                }
                catch (RouterException exception)
                {
                    attempts = exception.Attempts;
                }

                Assert.All(attempts, attempt => Assert.Equal((10L, 5L), (attempt.Usage!.Value.Input, attempt.Usage.Value.Output)));
            }
        }
    }

    private static string Answer(Random random)
    {
        var text = new StringBuilder(random.Next(3) switch
        {
            0 => "<think>be\ncause</think>\n",
            1 => " \n",
            _ => "",
        });
        for (var i = random.Next(1, 4); i > 0; i--)
        {
            text.Append(random.Next(8) switch
            {
                0 => """<tool_call>{"name":"weather","arguments":{"city":"Oslo"}}</tool_call>""",
                1 => """<tool_call>{"name":"other"}</tool_call>""",
                2 => """[TOOL_CALLS][{"name":"weather","arguments":{}}]""",
                3 => """{"name":"weather","parameters":{"city":"Oslo"}}""",
                4 => RandomJson.Value(random, 2),
                5 => "```json\n" + RandomJson.Value(random, 2) + "\n```",
                6 => "a < b, [c] ",
                _ => "words ",
            });
        }

        return text.ToString()[..random.Next(text.Length / 2, text.Length + 1)];
    }

    private static ChatOptions Options(Random random)
    {
        var options = random.Next(4) == 0 ? new ChatOptions() : Answering.WithTools("weather");
        options.ResponseFormat = random.Next(4) switch
        {
            0 => ChatResponseFormat.Json,
            1 => ChatResponseFormat.ForJsonSchema(JsonElement.Parse("""{"type":"object"}""")),
            _ => null,
        };
        return options;
    }

    private static async Task<string> ReadAsync(AnswerRules rules, ChatOptions options, bool streaming, string[] texts, ChatFinishReason reason)
    {
        var client = Pipeline(rules, [.. texts.Select(text => (Step)text), reason, new UsageDetails { InputTokenCount = 1, OutputTokenCount = 2 }]);
        try
        {
            var response = await client.AskAsync(streaming, options);
            var trace = response.Trace();
            return $"{response.Shown()}|{response.Text}|{response.FinishReason}|{response.Usage?.OutputTokenCount}|{trace.Attempts[0].Usage}|{string.Join(';', trace.Notes)}";
        }
        catch (RouterException exception)
        {
            return $"{exception.Kind}|{exception.Message}|{exception.Attempts[0].Usage}";
        }
    }

    private static RouterChatClient Pipeline(AnswerRules rules, Step[] steps) => new(
        new MeaiRouter.Fallback.FallbackChatClient(
            new NormalizingChatClient(TestPipeline.Endpoint(new FakeChatClient(steps)), new Dialect("test") { Answers = rules }), TestPipeline.Unheld),
        TestPipeline.Catalog(1),
        TestPipeline.Routing);
}
