using System.Text.Json;
using System.Text.Json.Serialization;

namespace MeaiRouter.OpenAI.Wire;

/// <summary>A field of an object of the wire.</summary>
internal abstract class WireField<T>(string name)
{
    private readonly JsonEncodedText _name = JsonEncodedText.Encode(name);

    /// <summary>The name on the wire.</summary>
    public JsonEncodedText Name => _name;

    /// <summary>Whether this is the name.</summary>
    public bool IsNamed(ReadOnlySpan<byte> utf8Name) => utf8Name.SequenceEqual(_name.EncodedUtf8Bytes);

    public override string ToString() => _name.Value;

    /// <summary>Reads the value after the name.</summary>
    public abstract void Read(ref Utf8JsonReader reader, T target, JsonSerializerOptions options);

    /// <summary>Writes name and value, or nothing where there is none.</summary>
    public abstract void Write(Utf8JsonWriter writer, T source, JsonSerializerOptions options);
}

/// <summary>A field whose value has a converter.</summary>
internal sealed class WireField<T, TValue>(
    string name, Func<T, TValue?> get, Action<T, TValue?> set, JsonConverter<TValue> converter, bool isAlwaysWritten) : WireField<T>(name)
{
    // Asked for once: in code that is shared by all types it must be looked up.
    private readonly Type _type = typeof(TValue);

    public override void Read(ref Utf8JsonReader reader, T target, JsonSerializerOptions options)
    {
        reader.Read();
        set(target, reader.TokenType == JsonTokenType.Null && default(TValue) is null ? default : converter.Read(ref reader, _type, options));
    }

    public override void Write(Utf8JsonWriter writer, T source, JsonSerializerOptions options)
    {
        if (get(source) is { } value)
        {
            writer.WritePropertyName(Name);
            converter.Write(writer, value, options);
        }
        else if (isAlwaysWritten)
        {
            writer.WriteNull(Name);
        }
    }
}
