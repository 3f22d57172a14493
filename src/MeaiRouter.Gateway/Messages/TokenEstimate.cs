using System.Text.Json;
using Microsoft.Extensions.AI;

namespace MeaiRouter.Gateway.Messages;

/// <summary>The tokens of a prompt by rule of thumb.</summary>
internal static class TokenEstimate
{
    // OpenAI's rule of thumb for English text, what chat formats spend around a message, and about what an image of a megapixel takes.
    private const int CharactersPerToken = 4;
    private const int TokensPerMessage = 4;
    private const int TokensPerMedium = 1_000;

    public static long Of(IReadOnlyList<ChatMessage> messages, ChatOptions options)
    {
        var (characters, media) = (0L, 0L);
        foreach (var message in messages)
        {
            foreach (var content in message.Contents)
                Count(content, ref characters, ref media);
        }

        foreach (var tool in options.Tools ?? [])
            characters += tool.Name.Length + tool.Description.Length + (tool is AIFunctionDeclaration function ? function.JsonSchema.GetRawText().Length : 0);
        return (characters + CharactersPerToken - 1) / CharactersPerToken + (messages.Count * TokensPerMessage) + (media * TokensPerMedium);
    }

    private static void Count(AIContent content, ref long characters, ref long media)
    {
        switch (content)
        {
            case TextContent text:
                characters += text.Text.Length;
                break;
            case TextReasoningContent reasoning:
                characters += reasoning.Text.Length;
                break;
            case FunctionCallContent call:
                characters += call.Name.Length;
                foreach (var (name, value) in call.Arguments ?? new Dictionary<string, object?>())
                    characters += name.Length + (value is JsonElement json ? json.GetRawText().Length : 0);
                break;
            case FunctionResultContent { Result: string result }:
                characters += result.Length;
                break;
            case FunctionResultContent { Result: IEnumerable<AIContent> parts }:
                foreach (var part in parts)
                    Count(part, ref characters, ref media);
                break;
            case DataContent text when text.HasTopLevelMediaType("text"):
                characters += text.Data.Length;
                break;
            default:
                media++;
                break;
        }
    }
}
