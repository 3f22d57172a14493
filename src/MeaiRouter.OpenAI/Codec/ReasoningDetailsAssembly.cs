using System.Text.Json;
using System.Text.Json.Nodes;
using MeaiRouter.OpenAI.Wire;

namespace MeaiRouter.OpenAI.Codec;

/// <summary>
/// Puts <c>reasoning_details</c> together from fragments: texts of the same item grow, what comes later (signatures) is added.
/// </summary>
internal sealed class ReasoningDetailsAssembly
{
    private readonly List<JsonObject> _items = [];

    public void Add(JsonElement? fragments)
    {
        if (!ReasoningFields.IsArray(fragments))
            return;

        foreach (var fragment in fragments!.Value.EnumerateArray())
        {
            if (fragment.ValueKind != JsonValueKind.Object)
                continue;
            if (Find(fragment) is { } item)
                Merge(item, fragment);
            else if (JsonNode.Parse(fragment.GetRawText()) is JsonObject created)
                _items.Add(created);
        }
    }

    /// <summary>The items as a JSON array, and a fresh start; <see langword="null"/> where there are none.</summary>
    public string? Take()
    {
        if (_items.Count == 0)
            return null;

        var array = new JsonArray([.. _items]);
        _items.Clear();
        return JsonSerializer.Serialize(array, WireJson.Strict.JsonArray);
    }

    /// <summary>The items of a list that a client collected from a stream: fragments of one item, which follow each other, become the item.</summary>
    /// <param name="details">An array.</param>
    /// <returns>The same array where it holds no fragments.</returns>
    public static JsonElement Joined(JsonElement details)
    {
        if (!HasFragments(details))
            return details;

        var items = new JsonArray();
        var before = default(JsonElement);
        foreach (var item in details.EnumerateArray())
        {
            if (Continues(before, item))
                Merge(items[^1]!.AsObject(), item);
            else
                items.Add(JsonNode.Parse(item.GetRawText()));
            before = item;
        }

        return JsonSerializer.SerializeToElement(items, WireJson.Strict.JsonArray);
    }

    private static bool HasFragments(JsonElement details)
    {
        var before = default(JsonElement);
        foreach (var item in details.EnumerateArray())
        {
            if (Continues(before, item))
                return true;
            before = item;
        }

        return false;
    }

    // A signature ends its item, and what is encrypted comes in one piece. Some providers give every item the same index.
    private static bool Continues(JsonElement before, JsonElement item) =>
        before.ValueKind == JsonValueKind.Object && item.ValueKind == JsonValueKind.Object
        && Raw(item, "index") is { } index && index == Raw(before, "index")
        && Raw(item, "type") is "\"reasoning.text\"" or "\"reasoning.summary\""
        && Raw(item, "type") == Raw(before, "type")
        && Raw(before, "signature") is null or "\"\""
        && (Raw(item, "id") is not { } id || Raw(before, "id") is not { } known || id == known);

    // Items are told apart by index and type; without an index, texts grow while their type stays the same.
    private JsonObject? Find(JsonElement fragment)
    {
        var index = Raw(fragment, "index");
        var type = Raw(fragment, "type");
        if (index is not null)
            return _items.FindLast(item => Raw(item, "index") == index && IsOfType(item, type));

        return _items is [.., var last] && Raw(last, "index") is null && IsGrowing(fragment) && IsOfType(last, type) ? last : null;
    }

    private static bool IsOfType(JsonObject item, string? type) => type is null || Raw(item, "type") is not { } known || known == type;

    private static bool IsGrowing(JsonElement fragment) =>
        fragment.TryGetProperty("text", out _) || fragment.TryGetProperty("summary", out _);

    private static void Merge(JsonObject item, JsonElement fragment)
    {
        foreach (var field in fragment.EnumerateObject())
        {
            if (field.Value.ValueKind == JsonValueKind.Null)
                continue;

            var grows = field.Name is "text" or "summary" or "data" && field.Value.ValueKind == JsonValueKind.String;
            item[field.Name] = grows && item[field.Name] is JsonValue before && before.GetValueKind() == JsonValueKind.String
                ? before.GetValue<string>() + field.Value.GetString()
                : JsonNode.Parse(field.Value.GetRawText());
        }
    }

    private static string? Raw(JsonElement element, string name) =>
        element.TryGetProperty(name, out var value) && value.ValueKind != JsonValueKind.Null ? value.GetRawText() : null;

    private static string? Raw(JsonObject item, string name) => item[name]?.ToJsonString();
}
