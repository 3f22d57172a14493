using System.Text.Json;
using System.Text.Json.Serialization;
using MeaiRouter.OpenAI.Wire;

namespace MeaiRouter.OpenAI.Responses;

/// <summary>The input of a request: a text, which the user says, or items.</summary>
[JsonConverter(typeof(ResponseInputConverter))]
public sealed class ResponseInput
{
    /// <summary>The text; <see langword="null"/> where there are items.</summary>
    public string? Text { get; init; }

    /// <summary>The items; <see langword="null"/> where there is a text.</summary>
    public IList<ResponseItem>? Items { get; init; }
}

/// <summary>A text or an array of items.</summary>
internal sealed class ResponseInputConverter : JsonConverter<ResponseInput>
{
    public override ResponseInput Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) => reader.TokenType switch
    {
        JsonTokenType.String => new ResponseInput { Text = reader.GetString() },
        JsonTokenType.StartArray => new ResponseInput { Items = NestedJson.Read<IList<ResponseItem>>(ref reader, options) },
        _ => throw new JsonException(),
    };

    public override void Write(Utf8JsonWriter writer, ResponseInput value, JsonSerializerOptions options)
    {
        if (value.Items is { } items)
            NestedJson.Write(writer, items, options);
        else
            writer.WriteStringValue(value.Text);
    }
}
