using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace MeaiRouter.Testing;

/// <summary>JSON as providers write it: text beyond ASCII unescaped, so that a split may fall inside a character.</summary>
internal static class WireJson
{
    private static readonly JsonSerializerOptions Options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static string Text(JsonNode json) => json.ToJsonString(Options);

    public static byte[] Bytes(JsonNode json) => Encoding.UTF8.GetBytes(Text(json));

    public static string Serialize(object value) => JsonSerializer.Serialize(value, Options);

    public static byte[] Event(JsonNode json) => Event(Text(json));

    public static byte[] Event(string data) => Encoding.UTF8.GetBytes($"data: {data}\n\n");
}
