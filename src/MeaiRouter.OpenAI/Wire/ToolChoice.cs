using System.Text.Json;
using System.Text.Json.Serialization;

namespace MeaiRouter.OpenAI.Wire;

/// <summary>Whether and which tool must be called: a word, one function, or a form this library only carries.</summary>
[JsonConverter(typeof(ToolChoiceConverter))]
public sealed class ToolChoice
{
    /// <summary><c>auto</c>, <c>none</c> or <c>required</c>.</summary>
    public string? Mode { get; init; }

    /// <summary>The name of the one function that must be called.</summary>
    public string? Function { get; init; }

    /// <summary>Any other form, as it came.</summary>
    public JsonElement? Other { get; init; }
}
