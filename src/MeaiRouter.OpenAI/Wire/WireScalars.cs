using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;

namespace MeaiRouter.OpenAI.Wire;

/// <summary>How values that are neither objects nor lists are read: to the letter, or with good will.</summary>
internal sealed record WireScalars(
    JsonConverter<string?> Text, JsonConverter<int?> Integer, JsonConverter<long?> Long, JsonConverter<decimal?> Decimal, JsonConverter<bool?> Boolean)
{
    /// <summary>A value of another type is an error.</summary>
    public static readonly WireScalars Strict = new(
        JsonMetadataServices.StringConverter,
        new Optional<int>(JsonMetadataServices.Int32Converter),
        new Optional<long>(JsonMetadataServices.Int64Converter),
        new Optional<decimal>(JsonMetadataServices.DecimalConverter),
        new Optional<bool>(JsonMetadataServices.BooleanConverter));

    /// <summary>A value of another type is converted where that is obvious and passed over where it is not.</summary>
    public static readonly WireScalars Tolerant =
        new(new TolerantString(), new TolerantInteger(), new TolerantLong(), new TolerantDecimal(), new TolerantBoolean());

    /// <summary>A number that may have a fraction; only requests have them.</summary>
    public JsonConverter<float?> Single { get; } = new Optional<float>(JsonMetadataServices.SingleConverter);

    /// <summary>Any value, as it came.</summary>
    public JsonConverter<JsonElement?> Json { get; } = new Optional<JsonElement>(JsonMetadataServices.JsonElementConverter);

    /// <summary>A word that is nearly always one of a few.</summary>
    public JsonConverter<string?> Word { get; } = new KnownWordConverter();
}

/// <summary>A value that may be absent.</summary>
internal sealed class Optional<T>(JsonConverter<T> converter) : JsonConverter<T?>
    where T : struct
{
    public override T? Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        reader.TokenType == JsonTokenType.Null ? null : converter.Read(ref reader, typeof(T), options);

    public override void Write(Utf8JsonWriter writer, T? value, JsonSerializerOptions options)
    {
        if (value is { } present)
            converter.Write(writer, present, options);
        else
            writer.WriteNullValue();
    }
}
