using System.Text.Json;
using System.Text.Json.Serialization;

namespace MeaiRouter.OpenAI.Wire;

/// <summary>A list of the objects in an array, whatever else is in it; one object as a list of one; anything else as nothing.</summary>
internal sealed class TolerantList<T> : JsonConverter<IList<T>>
    where T : class
{
    public override IList<T>? Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        if (reader.TokenType == JsonTokenType.StartObject)
            return NestedJson.Read<T>(ref reader, options) is { } single ? [single] : null;

        if (reader.TokenType != JsonTokenType.StartArray)
        {
            reader.Skip();
            return null;
        }

        // Nearly every list on this wire holds one thing.
        var items = new List<T>(1);
        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
        {
            if (reader.TokenType != JsonTokenType.StartObject)
                reader.Skip();
            else if (NestedJson.Read<T>(ref reader, options) is { } item)
                items.Add(item);
        }

        return items;
    }

    public override void Write(Utf8JsonWriter writer, IList<T> value, JsonSerializerOptions options)
    {
        writer.WriteStartArray();
        for (var i = 0; i < value.Count; i++)
            NestedJson.Write(writer, value[i], options);
        writer.WriteEndArray();
    }
}
