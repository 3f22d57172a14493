using System.Text.Json;

namespace MeaiRouter.Anthropic.Messages;

/// <summary>Reads answers with good will: what is absent or of another type is <see langword="null"/>.</summary>
internal static class Json
{
    public static JsonElement? Member(this JsonElement element, string name) =>
        element.ValueKind == JsonValueKind.Object && element.TryGetProperty(name, out var value) && value.ValueKind != JsonValueKind.Null ? value : null;

    public static string? Text(this JsonElement element, string name) =>
        element.Member(name) is { ValueKind: JsonValueKind.String } value ? value.GetString() : null;

    public static JsonElement? Object(this JsonElement element, string name) =>
        element.Member(name) is { ValueKind: JsonValueKind.Object } value ? value : null;

    // The bound keeps sums from overflowing.
    public static long? Count(this JsonElement element, string name) =>
        element.Member(name) is { ValueKind: JsonValueKind.Number } value && value.TryGetInt64(out var count) ? Math.Clamp(count, int.MinValue, int.MaxValue) : null;

    /// <summary>The items of a list; none where there is no list.</summary>
    public static IEnumerable<JsonElement> Items(this JsonElement element, string name) =>
        element.Member(name) is { ValueKind: JsonValueKind.Array } value ? value.EnumerateArray() : [];
}
