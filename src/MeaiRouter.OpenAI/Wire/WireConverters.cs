using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace MeaiRouter.OpenAI.Wire;

/// <summary>A word that is nearly always one of a few, so that reading it allocates nothing.</summary>
internal sealed class KnownWordConverter : JsonConverter<string?>
{
    private static readonly (byte[] Utf8, string Text)[] Words =
    [
        .. new[] { ChatCompletion.ChunkKind, "assistant", "function", "stop", "tool_calls", "length", ChatCompletion.WholeKind }
            .Select(static word => (Encoding.UTF8.GetBytes(word), word)),
    ];

    public override string? Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        if (reader.TokenType == JsonTokenType.String && !reader.ValueIsEscaped)
        {
            var value = reader.ValueSpan;
            foreach (var (utf8, text) in Words)
            {
                if (value.SequenceEqual(utf8))
                    return text;
            }
        }

        return TolerantString.ReadText(ref reader);
    }

    public override void Write(Utf8JsonWriter writer, string? value, JsonSerializerOptions options) => writer.WriteStringValue(value);
}

/// <summary>Whatever it is, as nothing.</summary>
internal sealed class DiscardingConverter : JsonConverter<string?>
{
    public override string? Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        reader.Skip();
        return null;
    }

    public override void Write(Utf8JsonWriter writer, string? value, JsonSerializerOptions options) => writer.WriteNullValue();
}

/// <summary>JSON inside a text. Where a provider sends the JSON itself, its text is taken.</summary>
internal sealed class JsonTextConverter : JsonConverter<string?>
{
    public override string? Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        if (reader.TokenType == JsonTokenType.String)
            return BrokenText.GetString(ref reader);

        using var document = JsonDocument.ParseValue(ref reader);
        return document.RootElement.GetRawText();
    }

    public override void Write(Utf8JsonWriter writer, string? value, JsonSerializerOptions options) => writer.WriteStringValue(value);
}

/// <summary>A text or an array of parts.</summary>
internal sealed class MessageContentConverter(WireObject<ContentPart> part) : JsonConverter<MessageContent>
{
    private readonly WireList<ContentPart> _parts = new(part);

    public MessageContentConverter()
        : this(WireObjects.Strict.Part)
    {
    }

    public override MessageContent Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        reader.TokenType switch
        {
            JsonTokenType.String => new(reader.GetString()!),
            JsonTokenType.StartArray => new(_parts.Read(ref reader, typeof(IList<ContentPart>), options)),
            _ => throw new JsonException(),
        };

    public override void Write(Utf8JsonWriter writer, MessageContent value, JsonSerializerOptions options)
    {
        if (value.Parts is { } parts)
            _parts.Write(writer, parts, options);
        else
            writer.WriteStringValue(value.Text);
    }
}

/// <summary>A text, or the parts of providers that answer in parts.</summary>
internal sealed class TolerantMessageContentConverter(WireObject<ContentPart> part) : JsonConverter<MessageContent>
{
    private readonly TolerantList<ContentPart> _parts = new(part);

    public override MessageContent Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        reader.TokenType is JsonTokenType.StartArray or JsonTokenType.StartObject
            ? new(_parts.Read(ref reader, typeof(IList<ContentPart>), options)!)
            : new(TolerantString.ReadText(ref reader)!);

    public override void Write(Utf8JsonWriter writer, MessageContent value, JsonSerializerOptions options)
    {
        if (value.Parts is { } parts)
            _parts.Write(writer, parts, options);
        else
            writer.WriteStringValue(value.Text);
    }
}

/// <summary>One text or an array of texts.</summary>
internal sealed class StopSequencesConverter : JsonConverter<IList<string>>
{
    public override IList<string>? Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        if (reader.TokenType == JsonTokenType.String)
            return [reader.GetString()!];
        if (reader.TokenType != JsonTokenType.StartArray)
            throw new JsonException();

        var stops = new List<string>();
        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
        {
            if (reader.TokenType != JsonTokenType.String)
                throw new JsonException();
            stops.Add(reader.GetString()!);
        }

        return stops;
    }

    public override void Write(Utf8JsonWriter writer, IList<string> value, JsonSerializerOptions options)
    {
        writer.WriteStartArray();
        foreach (var stop in value)
            writer.WriteStringValue(stop);
        writer.WriteEndArray();
    }
}

/// <summary>A word, or an object that names a function, or an object that is carried as it is.</summary>
internal sealed class ToolChoiceConverter : JsonConverter<ToolChoice>
{
    public override ToolChoice? Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        if (reader.TokenType == JsonTokenType.String)
            return new ToolChoice { Mode = reader.GetString() };
        if (reader.TokenType != JsonTokenType.StartObject)
            throw new JsonException();

        var choice = JsonElement.ParseValue(ref reader);
        return choice.TryGetProperty("type", out var type) && type.ValueKind == JsonValueKind.String && type.ValueEquals("function")
            && choice.TryGetProperty("function", out var function) && function.ValueKind == JsonValueKind.Object
            && function.TryGetProperty("name", out var name) && name.ValueKind == JsonValueKind.String
                ? new ToolChoice { Function = name.GetString() }
                : new ToolChoice { Other = choice };
    }

    public override void Write(Utf8JsonWriter writer, ToolChoice value, JsonSerializerOptions options)
    {
        if (value.Other is { } other)
        {
            other.WriteTo(writer);
        }
        else if (value.Function is { } function)
        {
            writer.WriteStartObject();
            writer.WriteString("type"u8, "function"u8);
            writer.WriteStartObject("function"u8);
            writer.WriteString("name"u8, function);
            writer.WriteEndObject();
            writer.WriteEndObject();
        }
        else
        {
            writer.WriteStringValue(value.Mode);
        }
    }
}

/// <summary>An error object; a mere text as its message. What says that there is no error (false, "", {}) is none.</summary>
internal sealed class WireErrorConverter(WireObject<WireError> fields) : JsonConverter<WireError>
{
    public override WireError? Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        if (reader.TokenType == JsonTokenType.StartObject)
        {
            var error = fields.Read(ref reader, options);
            return error is { Message: null, Type: null, Code: null, Metadata: null, Extra: null } ? null : error;
        }

        if (reader.TokenType is JsonTokenType.String or JsonTokenType.Number)
            return TolerantString.ReadText(ref reader) is { Length: > 0 } message ? new WireError { Message = message } : null;

        var something = reader.TokenType == JsonTokenType.True;
        reader.Skip();
        return something ? new WireError() : null;
    }

    public override void Write(Utf8JsonWriter writer, WireError value, JsonSerializerOptions options) =>
        fields.Write(writer, value, options);
}

/// <summary>A code that is a word at one provider and a number at the next.</summary>
internal sealed class ErrorCodeConverter : JsonConverter<string?>
{
    public override string? Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        TolerantString.ReadText(ref reader);

    public override void Write(Utf8JsonWriter writer, string? value, JsonSerializerOptions options)
    {
        if (int.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out var number))
            writer.WriteNumberValue(number);
        else
            writer.WriteStringValue(value);
    }
}

/// <summary>A name, or an object that holds one.</summary>
internal sealed class ModelEntryConverter : JsonConverter<ModelEntry>
{
    public override ModelEntry Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        if (reader.TokenType == JsonTokenType.String)
            return new ModelEntry { Model = reader.GetString() };
        if (reader.TokenType != JsonTokenType.StartObject)
            throw new JsonException();

        var terms = JsonElement.ParseValue(ref reader);
        var hasName = terms.TryGetProperty("model", out var model) && model.ValueKind == JsonValueKind.String;
        return new ModelEntry { Model = hasName ? model.GetString() : null, Terms = terms };
    }

    public override void Write(Utf8JsonWriter writer, ModelEntry value, JsonSerializerOptions options)
    {
        if (value.Terms is { } terms)
            terms.WriteTo(writer);
        else
            writer.WriteStringValue(value.Model);
    }
}
