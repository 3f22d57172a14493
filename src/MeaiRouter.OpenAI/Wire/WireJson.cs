using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace MeaiRouter.OpenAI.Wire;

/// <summary>The two ways to read the same types: requests to the letter, answers with good will.</summary>
public static class WireJson
{
    /// <summary>Reads and writes the wire. A value of the wrong type is a <see cref="JsonException"/> that names its path.</summary>
    public static WireJsonContext Strict { get; } = new(CreateOptions(WireObjects.Strict));

    /// <summary>Reads answers. A value of the wrong type is converted where that is obvious and passed over where it is not.</summary>
    internal static WireJsonContext Tolerant { get; } = new(CreateOptions(WireObjects.Tolerant));

    private static JsonSerializerOptions CreateOptions(WireObjects objects)
    {
        var options = new JsonSerializerOptions
        {
            PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
            DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,

            // The wire is never embedded in HTML; escaping every non-ASCII character would triple most of the world's text.
            Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        };
        foreach (var converter in objects.All)
            options.Converters.Add(converter);
        return options;
    }
}
