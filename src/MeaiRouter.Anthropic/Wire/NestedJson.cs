using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace MeaiRouter.Anthropic.Wire;

/// <summary>Reads a value inside a converter without losing where in the whole document an error stands.</summary>
internal static class NestedJson
{
    public static T? Read<T>(ref Utf8JsonReader reader, JsonSerializerOptions options)
    {
        try
        {
            return JsonSerializer.Deserialize(ref reader, (JsonTypeInfo<T>)options.GetTypeInfo(typeof(T)));
        }
        catch (JsonException exception)
        {
            throw new NestedJsonException(exception);
        }
    }

    public static void Write<T>(Utf8JsonWriter writer, T value, JsonSerializerOptions options) =>
        JsonSerializer.Serialize(writer, value, (JsonTypeInfo<T>)options.GetTypeInfo(typeof(T)));

    /// <summary>The path of the value at fault from the document's root, such as <c>$.messages[0].role</c>.</summary>
    public static string? PathOf(JsonException exception) => exception.Path + (exception as NestedJsonException)?.Rest;

    // The serializer fills in Path up to the converter that threw; the rest is known only inside.
    private sealed class NestedJsonException(JsonException inner) : JsonException(null, inner)
    {
        public string? Rest { get; } = PathOf(inner) is { Length: > 0 } path ? path[1..] : null;
    }
}
