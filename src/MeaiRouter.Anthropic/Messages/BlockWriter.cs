using System.Text;
using System.Text.Json;
using MeaiRouter.Anthropic.Wire;
using MeaiRouter.Attempts;
using Microsoft.Extensions.AI;

namespace MeaiRouter.Anthropic.Messages;

/// <summary>From one content of a request to a block.</summary>
internal static class BlockWriter
{
    private const string Image = "image";
    private const string Document = "document";
    private const string PlainText = "text/plain";
    private const string Pdf = "application/pdf";

    /// <summary>Writes a content.</summary>
    /// <returns>The block; <see langword="null"/> for what says nothing to Anthropic: empty text, usage, errors.</returns>
    /// <exception cref="RouterException">Anthropic has no block for the content.</exception>
    public static Block? Write(AIContent content)
    {
        var block = content switch
        {
            { RawRepresentation: Block asItCame } => Copy(asItCame),
            TextContent { Text: var text } => string.IsNullOrWhiteSpace(text) ? null : new Block { Type = "text", Text = text },
            FunctionCallContent call => new Block { Type = "tool_use", Id = call.CallId, Name = call.Name, Input = ToolInput.Write(call) },
            FunctionResultContent result => WriteResult(result),
            HostedFileContent file => Source(file.HasTopLevelMediaType(Image) ? Image : Document, new() { ["type"] = "file", ["file_id"] = file.FileId }),
            DataContent or UriContent => WriteMedia(content),
            { RawRepresentation: JsonElement { ValueKind: JsonValueKind.Object } raw } when content.GetType() == typeof(AIContent) => raw.Deserialize(MessagesJson.Wire.Block),
            _ => null,
        };

        if (block is not null)
            AddFields(block, content);
        return block;
    }

    private static void AddFields(Block block, AIContent content)
    {
        foreach (var field in ContentProperties.Fields(content.AdditionalProperties)?.EnumerateObject() ?? default)
            (block.Extra ??= new Dictionary<string, JsonElement>())[field.Name] = field.Value;
    }

    private static Block WriteResult(FunctionResultContent result)
    {
        var failed = result.Exception is not null || (result.AdditionalProperties?.TryGetValue(ContentProperties.IsError, out var flag) == true && flag is true);
        return new Block
        {
            Type = "tool_result",
            ToolUseId = result.CallId,
            Content = result.Result switch
            {
                null => result.Exception is { } exception ? new BlockList(exception.Message, null) : null,
                string text => new BlockList(text, null),
                AIContent content => Blocks([content]),
                IEnumerable<AIContent> contents => Blocks(contents),
                var value => new BlockList(ToolInput.ResultText(value), null),
            },
            IsError = failed ? true : null,
        };
    }

    private static BlockList? Blocks(IEnumerable<AIContent> contents)
    {
        List<Block> blocks = [.. contents.Select(Write).OfType<Block>()];
        return blocks.Count > 0 ? new BlockList(null, blocks) : null;
    }

    private static Block WriteMedia(AIContent content)
    {
        var (mediaType, name) = content is DataContent data ? (data.MediaType, data.Name) : (((UriContent)content).MediaType, null);
        if (mediaType.StartsWith("image/", StringComparison.OrdinalIgnoreCase))
            return Source(Image, SourceOf(content, mediaType));
        if (mediaType is not (Pdf or PlainText) && !mediaType.StartsWith("text/", StringComparison.OrdinalIgnoreCase))
            throw new RouterException(FailureKind.Unsupported, $"Anthropic takes images, PDF and text, and no '{mediaType}'.");

        var document = Source(Document, content is DataContent inline && mediaType != Pdf
            ? new() { ["type"] = "text", ["media_type"] = PlainText, ["data"] = Encoding.UTF8.GetString(inline.Data.Span) }
            : SourceOf(content, mediaType));
        document.Title = name;
        return document;
    }

    private static Dictionary<string, object?> SourceOf(AIContent content, string mediaType) => content is DataContent data
        ? new() { ["type"] = "base64", ["media_type"] = mediaType, ["data"] = data.Base64Data.ToString() }
        : new() { ["type"] = "url", ["url"] = ((UriContent)content).Uri.OriginalString };

    private static Block Source(string type, Dictionary<string, object?> source) =>
        new() { Type = type, Source = JsonSerializer.SerializeToElement(source, MessagesJson.Wire.DictionaryStringObject) };

    // Its fields may be added to, and the content is the caller's.
    private static Block Copy(Block block) => new()
    {
        Type = block.Type,
        Text = block.Text,
        Content = block.Content,
        Source = block.Source,
        Title = block.Title,
        Extra = block.Extra is null ? null : new Dictionary<string, JsonElement>(block.Extra),
    };
}
