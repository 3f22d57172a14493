using System.Text.Json;
using System.Text.Json.Serialization;
using MeaiRouter.OpenAI.Wire;

namespace MeaiRouter.OpenAI.Responses;

/// <summary>The content of an item, or the output of a tool: a text or a list of parts.</summary>
[JsonConverter(typeof(ResponseContentConverter))]
public sealed class ResponseContent
{
    /// <summary>The text; <see langword="null"/> where there are parts.</summary>
    public string? Text { get; init; }

    /// <summary>The parts; <see langword="null"/> where there is a text.</summary>
    public IList<ResponsePart>? Parts { get; init; }

    /// <summary>What items of types that are only known by name have here, as it came.</summary>
    internal JsonElement? Other { get; init; }
}

/// <summary>A text or an array of parts; an object is kept, because its item will be refused by its type.</summary>
internal sealed class ResponseContentConverter : JsonConverter<ResponseContent>
{
    public override ResponseContent Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) => reader.TokenType switch
    {
        JsonTokenType.String => new ResponseContent { Text = reader.GetString() },
        JsonTokenType.StartArray => new ResponseContent { Parts = NestedJson.Read<IList<ResponsePart>>(ref reader, options) },
        JsonTokenType.StartObject => new ResponseContent { Other = JsonElement.ParseValue(ref reader) },
        _ => throw new JsonException(),
    };

    public override void Write(Utf8JsonWriter writer, ResponseContent value, JsonSerializerOptions options)
    {
        if (value.Parts is { } parts)
            NestedJson.Write(writer, parts, options);
        else
            writer.WriteStringValue(value.Text);
    }
}
