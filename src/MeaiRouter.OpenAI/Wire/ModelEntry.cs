using System.Text.Json;
using System.Text.Json.Serialization;

namespace MeaiRouter.OpenAI.Wire;

/// <summary>An entry of <c>models</c>: a name or, where it says more than that, an object that is for whoever routes.</summary>
[JsonConverter(typeof(ModelEntryConverter))]
public sealed class ModelEntry
{
    /// <summary>The name, or the object's <c>model</c>; <see langword="null"/> if the object has none.</summary>
    public string? Model { get; init; }

    /// <summary>The object as it came; <see langword="null"/> for a plain name.</summary>
    public JsonElement? Terms { get; init; }
}
