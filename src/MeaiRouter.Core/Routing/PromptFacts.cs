using System.Runtime.InteropServices;
using System.Text.Json;
using Microsoft.Extensions.AI;

namespace MeaiRouter.Routing;

/// <summary>What one walk over a prompt finds out about its kind and size, without counting tokens.</summary>
/// <param name="Characters">The characters of text, tool calls, tool results and tools.</param>
/// <param name="Messages">The messages.</param>
/// <param name="Media">The images, files, clips and videos.</param>
/// <param name="Modalities">The kinds of input besides text.</param>
internal readonly record struct PromptFacts(long Characters, int Messages, int Media, Modalities Modalities)
{
    /// <summary>About what an image of a megapixel takes at OpenAI and Anthropic; for other media a guess.</summary>
    public const int TokensPerMedium = 1_000;

    // OpenAI's rule of thumb for English text, and the tokens its chat format spends around each message.
    private const int CharactersPerToken = 4;
    private const int TokensPerMessage = 4;

    // Byte-level tokenizers never make more tokens than bytes, and no UTF-16 unit takes more than three of UTF-8.
    private const int MostTokensPerCharacter = 3;

    /// <summary>The tokens of the prompt by rule of thumb.</summary>
    public long Estimate =>
        (Characters + CharactersPerToken - 1) / CharactersPerToken + (long)Messages * TokensPerMessage + (long)Media * TokensPerMedium;

    /// <summary>A number of tokens that the prompt certainly does not exceed; with media nothing is certain.</summary>
    public long AtMost => Media > 0 ? int.MaxValue : Characters * MostTokensPerCharacter + (long)Messages * TokensPerMessage;

    public static PromptFacts Of(IReadOnlyList<ChatMessage> messages, ChatOptions? options)
    {
        long characters = options?.Instructions?.Length ?? 0;
        var media = 0;
        var modalities = Modalities.Text;
        for (var i = 0; i < messages.Count; i++)
        {
            var contents = messages[i].Contents;
            for (var j = 0; j < contents.Count; j++)
            {
                if (contents[j] is TextContent text)
                {
                    characters += text.Text.Length;
                }
                else if (ModalityOf(contents[j]) is not Modalities.Text and var modality)
                {
                    modalities |= modality;
                    media++;
                }
                else
                {
                    characters += Length(contents[j]);
                }
            }
        }

        if (options?.Tools is { Count: > 0 } tools)
        {
            foreach (var tool in tools)
                characters += tool.Name.Length + tool.Description.Length + (tool is AIFunctionDeclaration function ? Length(function.JsonSchema) : 0);
        }

        return new PromptFacts(characters, messages.Count, media, modalities);
    }

    private static Modalities ModalityOf(AIContent content) => content switch
    {
        DataContent data => ModalityOf(data.MediaType),
        UriContent uri => ModalityOf(uri.MediaType),
        HostedFileContent => Modalities.File,
        _ => Modalities.Text,
    };

    private static Modalities ModalityOf(string mediaType) => mediaType switch
    {
        _ when mediaType.StartsWith("image/", StringComparison.OrdinalIgnoreCase) => Modalities.Image,
        _ when mediaType.StartsWith("audio/", StringComparison.OrdinalIgnoreCase) => Modalities.Audio,
        _ when mediaType.StartsWith("video/", StringComparison.OrdinalIgnoreCase) => Modalities.Video,
        _ => Modalities.File,
    };

    private static long Length(AIContent content)
    {
        switch (content)
        {
            case TextReasoningContent reasoning:
                return reasoning.Text.Length;
            case FunctionResultContent result:
                return Length(result.Result);
            case FunctionCallContent call:
                long length = call.Name.Length;
                foreach (var (name, value) in call.Arguments ?? new Dictionary<string, object?>())
                    length += name.Length + Length(value);
                return length;
            default:
                return 0;
        }
    }

    private static long Length(object? value) => value switch
    {
        null => 0,
        string text => text.Length,
        JsonElement { ValueKind: not JsonValueKind.Undefined } json => JsonMarshal.GetRawUtf8Value(json).Length,
        _ => value.ToString()?.Length ?? 0,
    };
}
