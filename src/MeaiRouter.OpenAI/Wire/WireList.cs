using System.Text.Json;
using System.Text.Json.Serialization;

namespace MeaiRouter.OpenAI.Wire;

/// <summary>An array of values of one kind, and of nulls.</summary>
internal sealed class WireList<T>(JsonConverter<T> item) : JsonConverter<IList<T>>
    where T : class
{
    public override IList<T> Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        if (reader.TokenType != JsonTokenType.StartArray)
            throw new JsonException();

        var items = new List<T>();
        try
        {
            while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
                items.Add(reader.TokenType == JsonTokenType.Null ? null! : item.Read(ref reader, typeof(T), options)!);
        }
        catch (Exception exception) when (WirePath.IsOfReading(exception))
        {
            throw WirePath.Passing(exception, $"[{items.Count}]", isRoot: false);
        }

        return items;
    }

    public override void Write(Utf8JsonWriter writer, IList<T> value, JsonSerializerOptions options)
    {
        writer.WriteStartArray();
        for (var i = 0; i < value.Count; i++)
        {
            if (value[i] is { } present)
                item.Write(writer, present, options);
            else
                writer.WriteNullValue();
        }

        writer.WriteEndArray();
    }
}
