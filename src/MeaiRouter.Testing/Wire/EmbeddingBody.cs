using System.Runtime.InteropServices;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace MeaiRouter.Testing;

/// <summary>The body of an answer with embeddings.</summary>
internal static class EmbeddingBody
{
    public static string Of(ReceivedRequest request, int dimensions)
    {
        var input = request.Body.TryGetProperty("input", out var given) ? given : default;
        string[] texts = input.ValueKind switch
        {
            JsonValueKind.String => [input.GetString()!],
            JsonValueKind.Array => [.. input.EnumerateArray().Select(static text => text.GetString()!)],
            _ => [],
        };
        var length = request.Body.TryGetProperty("dimensions", out var asked) && asked.TryGetInt32(out var own) ? own : dimensions;
        var isBase64 = request.Body.TryGetProperty("encoding_format", out var format) && format.ValueEquals("base64");
        var tokens = texts.Sum(static text => text.Length);
        return new JsonObject
        {
            ["object"] = "list",
            ["data"] = new JsonArray([.. texts.Select((text, index) => (JsonNode)new JsonObject
            {
                ["object"] = "embedding", ["index"] = index, ["embedding"] = Vector(text, length, isBase64),
            })]),
            ["model"] = request.Model,
            ["usage"] = new JsonObject { ["prompt_tokens"] = tokens, ["total_tokens"] = tokens },
        }.ToJsonString();
    }

    private static JsonNode Vector(string text, int length, bool isBase64)
    {
        var vector = new float[length];
        vector[0] = text.Length;
        return isBase64
            ? JsonValue.Create(Convert.ToBase64String(MemoryMarshal.AsBytes(vector.AsSpan())))
            : new JsonArray([.. vector.Select(static value => (JsonNode)value)]);
    }
}
