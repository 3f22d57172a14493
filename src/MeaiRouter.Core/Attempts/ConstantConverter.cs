using System.Text.Json;
using System.Text.Json.Serialization;

namespace MeaiRouter.Attempts;

/// <summary>
/// Writes a constant, so that equal requests have equal hashes, and an answer can be stored whatever exceptions its trace holds.
/// Read back there is nothing.
/// </summary>
internal sealed class ConstantConverter<T> : JsonConverter<T>
    where T : class
{
    public const string Constant = "meairouter";

    public override T? Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        reader.Skip();
        return null;
    }

    public override void Write(Utf8JsonWriter writer, T value, JsonSerializerOptions options) => writer.WriteStringValue(Constant);
}
