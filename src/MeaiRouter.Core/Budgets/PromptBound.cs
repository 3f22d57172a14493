using System.Runtime.InteropServices;
using System.Text;
using System.Text.Json;
using Microsoft.Extensions.AI;

namespace MeaiRouter.Budgets;

/// <summary>The most tokens a prompt can have, from its bytes: byte-level tokenizers never make more tokens than bytes.</summary>
/// <param name="Tokens">The most tokens.</param>
/// <param name="HasAudio">Whether it holds audio, which may be charged at a price of its own.</param>
/// <param name="Images">How many images or other media they hold.</param>
/// <param name="Searches">Whether the provider may run tools of its own, such as web searches.</param>
internal readonly record struct PromptBound(long Tokens, bool HasAudio, int Images, bool Searches)
{
    // Chat formats spend 3 to 8 tokens around a message and its author.
    private const int TokensPerMessage = 16;

    // Anthropic: the instructions it adds where there are tools take up to 530 tokens.
    private const int TokensForTools = 1_024;
    private const int TokensPerTool = 64;

    // Of what only the provider can fetch, or what is written by a serializer of somebody else, nobody here knows the size. The context
    // of the endpoint bounds it; this is for endpoints whose context nobody knows.
    private const int TokensOfUnknown = 32_768;

    // Arguments and results travel as JSON text inside JSON, where a character may take a backslash.
    private const int Escaped = 2;

    public static PromptBound Of(IReadOnlyList<ChatMessage> messages, ChatOptions options)
    {
        var tokens = Bytes(options.Instructions) + TokensPerMessage;
        var (hasAudio, images, searches) = (false, 0, false);
        for (var i = 0; i < messages.Count; i++)
        {
            tokens += TokensPerMessage + Bytes(messages[i].AuthorName);
            var contents = messages[i].Contents;
            for (var j = 0; j < contents.Count; j++)
            {
                tokens += Of(contents[j]);
                if (MediaType(contents[j]) is { } media)
                {
                    hasAudio |= media.StartsWith("audio/", StringComparison.OrdinalIgnoreCase);
                    images += media.StartsWith("audio/", StringComparison.OrdinalIgnoreCase) ? 0 : 1;
                }
            }
        }

        if (options.Tools is { Count: > 0 } tools)
        {
            tokens += TokensForTools;
            foreach (var tool in tools)
            {
                // Whatever is no function of the caller's is run by the provider.
                searches |= tool is not AIFunctionDeclaration;
                tokens += TokensPerTool + Bytes(tool.Name) + Bytes(tool.Description) + (tool is AIFunctionDeclaration function ? Of(function.JsonSchema) : 0);
            }
        }

        if (options.ResponseFormat is ChatResponseFormatJson { Schema: { } schema })
            tokens += Of(schema);
        return new PromptBound(tokens, hasAudio, images, searches);
    }

    private static long Of(AIContent content) => content switch
    {
        TextContent text => Bytes(text.Text),
        TextReasoningContent reasoning => Bytes(reasoning.Text) + Bytes(reasoning.ProtectedData),
        FunctionCallContent call => Bytes(call.Name) + Of(call.Arguments),
        FunctionResultContent result => Of(result.Result) * Escaped,
        DataContent data => data.Data.Length,
        UsageContent => 0,
        ErrorContent error => Bytes(error.Message),
        _ when content.GetType() == typeof(AIContent) => 0,
        _ => TokensOfUnknown,
    };

    private static long Of(IDictionary<string, object?>? arguments)
    {
        long tokens = 0;
        foreach (var (name, value) in arguments ?? new Dictionary<string, object?>())
            tokens += (Bytes(name) + Of(value)) * Escaped + TokensPerMessage;
        return tokens;
    }

    private static long Of(object? value) => value switch
    {
        null => 0,
        string text => Bytes(text),
        JsonElement json => Of(json),
        IFormattable number and not Enum when number.GetType().IsPrimitive || number is decimal => TokensPerMessage * Escaped,
        bool => TokensPerMessage,
        _ => TokensOfUnknown,
    };

    private static long Of(JsonElement json) => json.ValueKind == JsonValueKind.Undefined ? 0 : JsonMarshal.GetRawUtf8Value(json).Length;

    private static string? MediaType(AIContent content) => content switch
    {
        DataContent data => data.MediaType,
        UriContent uri => uri.MediaType,
        HostedFileContent => "",
        _ => null,
    };

    private static long Bytes(string? text) => text is null ? 0 : Encoding.UTF8.GetByteCount(text);
}
