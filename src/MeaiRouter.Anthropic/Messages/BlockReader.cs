using System.Text.Json;
using Microsoft.Extensions.AI;

namespace MeaiRouter.Anthropic.Messages;

/// <summary>From a whole block of an answer to a content.</summary>
internal static class BlockReader
{
    /// <summary>Reads a block.</summary>
    /// <returns>The content; a plain one that carries the block where its type is unknown; <see langword="null"/> where it says nothing.</returns>
    public static AIContent? Read(JsonElement block) => block.Text("type") switch
    {
        "text" => ReadText(block),
        ThinkingBlocks.Thinking => ThinkingBlocks.Read(block.Text("thinking") ?? "", block.Text("signature")),
        ThinkingBlocks.Redacted => ThinkingBlocks.ReadRedacted(block.Text("data") ?? ""),
        "tool_use" => ToolInput.Read(block.Text("id") ?? "", block.Text("name") ?? "", block.Object("input")),
        null => null,
        _ => new AIContent { RawRepresentation = block.Clone() },
    };

    private static TextContent? ReadText(JsonElement block)
    {
        var text = block.Text("text");
        var citations = Citations.Read(block.Items("citations").Select(static citation => citation.Clone()));
        return string.IsNullOrEmpty(text) && citations is null ? null : new TextContent(text) { Annotations = citations };
    }
}
