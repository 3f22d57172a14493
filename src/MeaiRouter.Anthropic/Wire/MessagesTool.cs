using System.Text.Json;
using System.Text.Json.Serialization;

namespace MeaiRouter.Anthropic.Wire;

/// <summary>A tool: the caller's own where it has no type or the type <c>custom</c>, and otherwise one that the provider runs.</summary>
internal sealed class MessagesTool
{
    public string? Type { get; set; }

    public string? Name { get; set; }

    public string? Description { get; set; }

    public JsonElement? InputSchema { get; set; }

    public bool? Strict { get; set; }

    [JsonExtensionData]
    public IDictionary<string, JsonElement>? Extra { get; set; }
}
