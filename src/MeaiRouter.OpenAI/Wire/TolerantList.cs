using System.Text.Json;
using System.Text.Json.Serialization;

namespace MeaiRouter.OpenAI.Wire;

/// <summary>A list of the objects in an array, whatever else is in it; one object as a list of one; anything else as nothing.</summary>
internal sealed class TolerantList<T>(WireObject<T> item) : JsonConverter<IList<T>>
    where T : class
{
    private readonly WireList<T> _items = new(item);

    public override IList<T>? Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        if (reader.TokenType == JsonTokenType.StartObject)
            return [item.Read(ref reader, options)];

        if (reader.TokenType != JsonTokenType.StartArray)
        {
            reader.Skip();
            return null;
        }

        // Nearly every list on this wire holds one thing.
        var items = new List<T>(1);
        try
        {
            while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
            {
                if (reader.TokenType == JsonTokenType.StartObject)
                    items.Add(item.Read(ref reader, options));
                else
                    reader.Skip();
            }
        }
        catch (Exception exception) when (WirePath.IsOfReading(exception))
        {
            throw WirePath.Passing(exception, $"[{items.Count}]", isRoot: false);
        }

        return items;
    }

    public override void Write(Utf8JsonWriter writer, IList<T> value, JsonSerializerOptions options) => _items.Write(writer, value, options);
}
