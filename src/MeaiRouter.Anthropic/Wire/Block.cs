using System.Text.Json;
using System.Text.Json.Serialization;

namespace MeaiRouter.Anthropic.Wire;

/// <summary>A block of content of any type; each type uses a few of the fields.</summary>
internal sealed class Block
{
    public string? Type { get; set; }

    /// <summary>Of <c>text</c>.</summary>
    public string? Text { get; set; }

    /// <summary>Of <c>thinking</c>.</summary>
    public string? Thinking { get; set; }

    /// <summary>Of <c>thinking</c>.</summary>
    public string? Signature { get; set; }

    /// <summary>Of <c>redacted_thinking</c>.</summary>
    public string? Data { get; set; }

    /// <summary>Of <c>tool_use</c>.</summary>
    public string? Id { get; set; }

    /// <summary>Of <c>tool_use</c>.</summary>
    public string? Name { get; set; }

    /// <summary>Of <c>tool_use</c>: an object.</summary>
    public JsonElement? Input { get; set; }

    /// <summary>Of <c>tool_result</c>.</summary>
    public string? ToolUseId { get; set; }

    /// <summary>Of <c>tool_result</c> and <c>search_result</c>.</summary>
    public BlockList? Content { get; set; }

    /// <summary>Of <c>tool_result</c>.</summary>
    public bool? IsError { get; set; }

    /// <summary>Of <c>image</c> and <c>document</c> an object, of <c>search_result</c> a text.</summary>
    public JsonElement? Source { get; set; }

    /// <summary>Of <c>document</c> and <c>search_result</c>.</summary>
    public string? Title { get; set; }

    /// <summary>Everything else, such as <c>cache_control</c> and <c>citations</c>.</summary>
    [JsonExtensionData]
    public IDictionary<string, JsonElement>? Extra { get; set; }
}
