using System.Text.Json;
using System.Text.Json.Serialization;
using MeaiRouter.Costs;
using MeaiRouter.Pricing;

namespace MeaiRouter.EntityFrameworkCore.Journal;

/// <summary>
/// A record as JSON: what the journal holds and what the table of requests keeps whole. A property that a record gains is written and read from
/// then on without a change here; one that an older record lacks has its default.
/// </summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingDefault,
    IgnoreReadOnlyProperties = true,
    UseStringEnumConverter = true,
    Converters = [typeof(NanoUsdJson)])]
[JsonSerializable(typeof(GenerationRecord))]
internal sealed partial class RecordJson : JsonSerializerContext;

/// <summary>Money as the whole number of nano-dollars.</summary>
internal sealed class NanoUsdJson : JsonConverter<NanoUsd>
{
    public override NanoUsd Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) => new(reader.GetInt64());

    public override void Write(Utf8JsonWriter writer, NanoUsd value, JsonSerializerOptions options) => writer.WriteNumberValue(value.Value);
}
