using System.Text.Json;
using System.Text.Json.Serialization;

namespace MeaiRouter.OpenAI.Wire;

/// <summary>A cost, or the total of an object that breaks it down.</summary>
internal sealed class CostConverter : JsonConverter<decimal?>
{
    public override decimal? Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        if (reader.TokenType != JsonTokenType.StartObject)
            return TolerantDecimal.ReadNumber(ref reader);

        var parts = JsonElement.ParseValue(ref reader);
        return parts.TryGetProperty("total_cost", out var total) && total.ValueKind == JsonValueKind.Number && total.TryGetDecimal(out var cost) ? cost : null;
    }

    public override void Write(Utf8JsonWriter writer, decimal? value, JsonSerializerOptions options)
    {
        if (value is { } number)
            writer.WriteNumberValue(number);
        else
            writer.WriteNullValue();
    }
}
