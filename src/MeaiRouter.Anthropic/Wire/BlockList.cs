using System.Text.Json;
using System.Text.Json.Serialization;

namespace MeaiRouter.Anthropic.Wire;

/// <summary>What may be written as a text or as blocks: the contents of messages and of tool results, and the system prompt.</summary>
[JsonConverter(typeof(BlockListConverter))]
internal sealed record BlockList(string? Text, IList<Block>? Blocks);

/// <summary>Reads and writes either form.</summary>
internal sealed class BlockListConverter : JsonConverter<BlockList>
{
    public override BlockList? Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) => reader.TokenType switch
    {
        JsonTokenType.String => new BlockList(reader.GetString(), null),
        JsonTokenType.StartArray => new BlockList(null, NestedJson.Read<IList<Block>>(ref reader, options)),
        _ => throw new JsonException(),
    };

    public override void Write(Utf8JsonWriter writer, BlockList value, JsonSerializerOptions options)
    {
        if (value.Text is { } text)
            writer.WriteStringValue(text);
        else
            NestedJson.Write(writer, value.Blocks ?? [], options);
    }
}
