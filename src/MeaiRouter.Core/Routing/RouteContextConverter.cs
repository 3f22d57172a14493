using System.Text.Json;
using System.Text.Json.Serialization;

namespace MeaiRouter.Routing;

/// <summary>Writes a constant, so that equal requests have equal hashes.</summary>
internal sealed class RouteContextConverter : JsonConverter<RouteContext>
{
    public const string Constant = "meairouter";

    public override RouteContext? Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        reader.Skip();
        return null;
    }

    public override void Write(Utf8JsonWriter writer, RouteContext value, JsonSerializerOptions options) =>
        writer.WriteStringValue(Constant);
}
