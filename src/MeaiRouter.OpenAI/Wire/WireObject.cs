using System.Collections;
using System.Runtime.InteropServices;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace MeaiRouter.OpenAI.Wire;

/// <summary>Reads and writes the objects of one type by a list of their fields, and keeps those fields that are not in it.</summary>
/// <param name="create">Makes an empty object.</param>
/// <param name="getOthers">The fields that are not in the list.</param>
/// <param name="setOthers">Keeps them; without it they are dropped.</param>
/// <remarks>
/// The serializer would do all this by itself, but it goes through many hands for each field, even an empty one, and reads an object inside a
/// converter twice. An object here goes through it once, at the root.
/// </remarks>
internal sealed class WireObject<T>(
    Func<T> create, Func<T, IDictionary<string, JsonElement>?>? getOthers = null, Action<T, IDictionary<string, JsonElement>>? setOthers = null)
    : JsonConverter<T>, IEnumerable<WireField<T>>
    where T : class
{
    private readonly List<WireField<T>> _fields = [];

    /// <summary>Adds a field. Fields are written in the order in which they were added.</summary>
    /// <param name="name">The name on the wire.</param>
    /// <param name="get">Gets the value.</param>
    /// <param name="set">Sets the value.</param>
    /// <param name="converter">Reads and writes the value, which is no null.</param>
    /// <param name="isAlwaysWritten">Whether a value that is absent is written as null.</param>
    public void Add<TValue>(string name, Func<T, TValue?> get, Action<T, TValue?> set, JsonConverter<TValue> converter, bool isAlwaysWritten = false) =>
        _fields.Add(new WireField<T, TValue>(name, get, set, converter, isAlwaysWritten));

    public override T Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) => Read(ref reader, options);

    public T Read(ref Utf8JsonReader reader, JsonSerializerOptions options)
    {
        if (reader.TokenType != JsonTokenType.StartObject)
            throw new JsonException();

        var isRoot = reader.CurrentDepth == 0;
        var value = create();
        var next = 0;
        WireField<T>? field = null;
        string? other = null;
        try
        {
            while (reader.Read() && reader.TokenType != JsonTokenType.EndObject)
            {
                field = Find(ref reader, ref next);
                if (field is not null)
                {
                    field.Read(ref reader, value, options);
                    field = null;
                }
                else
                {
                    other = BrokenText.GetString(ref reader)!;
                    ReadOther(ref reader, value, other);
                    other = null;
                }
            }
        }
        catch (Exception exception) when (WirePath.IsOfReading(exception))
        {
            throw WirePath.Passing(exception, WirePath.Step(field?.Name.Value ?? other), isRoot);
        }

        return value;
    }

    public override void Write(Utf8JsonWriter writer, T value, JsonSerializerOptions options)
    {
        writer.WriteStartObject();
        foreach (var field in CollectionsMarshal.AsSpan(_fields))
            field.Write(writer, value, options);
        if (getOthers?.Invoke(value) is { Count: > 0 } others)
            WriteOthers(writer, others);
        writer.WriteEndObject();
    }

    IEnumerator<WireField<T>> IEnumerable<WireField<T>>.GetEnumerator() => _fields.GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => _fields.GetEnumerator();

    // Most writers keep to the order in which the fields are documented, which is ours: the next field is usually the one after the last.
    private WireField<T>? Find(ref Utf8JsonReader reader, ref int next)
    {
        var name = reader.ValueIsEscaped || reader.HasValueSequence ? Encoding.UTF8.GetBytes(BrokenText.GetString(ref reader)!) : reader.ValueSpan;
        var fields = CollectionsMarshal.AsSpan(_fields);
        for (var i = 0; i < fields.Length; i++)
        {
            var field = fields[next];
            next = next + 1 == fields.Length ? 0 : next + 1;
            if (field.IsNamed(name))
                return field;
        }

        return null;
    }

    private void ReadOther(ref Utf8JsonReader reader, T value, string name)
    {
        reader.Read();
        if (setOthers is null)
        {
            reader.Skip();
            return;
        }

        var others = getOthers!(value);
        if (others is null)
            setOthers(value, others = new Dictionary<string, JsonElement>());
        others[name] = JsonElement.ParseValue(ref reader);
    }

    private static void WriteOthers(Utf8JsonWriter writer, IDictionary<string, JsonElement> others)
    {
        foreach (var (name, other) in others)
        {
            writer.WritePropertyName(name);
            other.WriteTo(writer);
        }
    }
}
