using System.Text.Json;
using MeaiRouter.Core.Tests.Fakes;
using MeaiRouter.Dialects;
using MeaiRouter.Normalization;
using MeaiRouter.Routing;
using Microsoft.Extensions.AI;

namespace MeaiRouter.Core.Tests.Normalization.Answers;

/// <summary>Answers of a provider as the normalizing layer shows them to its caller.</summary>
internal static class Answering
{
    public static ChatOptions WithTools(params string[] names) => new()
    {
        Tools = [.. names.Select(name => AIFunctionFactory.CreateDeclaration(name, null, JsonElement.Parse("{}")))],
    };

    /// <summary>Asks a provider that plays the steps, of which texts come in pieces of the given length where the answer is streamed.</summary>
    public static async Task<ChatResponse> AskAsync(
        AnswerRules rules, bool streaming, ChatOptions? options, int pieces, params Step[] steps) =>
        await Client(rules, [.. steps], pieces).AskAsync(streaming, options);

    public static IChatClient Client(AnswerRules rules, Step[] steps, int pieces = 1) =>
        new NormalizingChatClient(new FakeChatClient([.. steps.SelectMany(step => Cut(step, pieces))]), new Dialect("test") { Answers = rules });

    /// <summary>The contents in one line: text as it is, reasoning in square and calls in round brackets.</summary>
    public static string Shown(this ChatResponse response) => string.Concat(Merged(response.Messages.SelectMany(message => message.Contents)));

    private static IEnumerable<string> Merged(IEnumerable<AIContent> contents)
    {
        var thought = "";
        foreach (var content in contents)
        {
            if (content is TextReasoningContent reasoning)
            {
                thought += reasoning.Text;
                continue;
            }

            if (thought.Length > 0)
                yield return $"[{thought}]";
            thought = "";
            yield return content switch
            {
                TextContent text => text.Text,
                FunctionCallContent call => $"({call.Name} {JsonSerializer.Serialize(call.Arguments)})",
                UsageContent => "",
                _ => $"<{content.GetType().Name}>",
            };
        }

        if (thought.Length > 0)
            yield return $"[{thought}]";
    }

    private static IEnumerable<Step> Cut(Step step, int pieces)
    {
        if (step.RunAsync(default).Result is not { Contents: [TextContent { Text: { Length: > 1 } text }] } update)
            return [step];

        return text.Chunk(Math.Max(1, pieces)).Select(piece =>
        {
            var part = update.Clone();
            part.Contents = [new TextContent(new string(piece))];
            return (Step)part;
        });
    }

    public static IReadOnlyList<string> Notes(this ChatResponse response) => response.Trace().Notes;
}
