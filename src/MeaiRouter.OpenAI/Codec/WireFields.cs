using System.Collections.Frozen;
using System.Text.Json;
using System.Text.Json.Nodes;
using MeaiRouter.OpenAI.Wire;

namespace MeaiRouter.OpenAI.Codec;

/// <summary>Fields of a request by name or path, for those that providers call otherwise or put elsewhere.</summary>
internal static class WireFields
{
    private const string Reasoning = "reasoning";
    private const string ReasoningEffort = "reasoning_effort";

    private delegate JsonNode? Taking(ChatCompletionRequest request);

    // Those that have a member of their own; all others are among the request's other fields.
    private static readonly FrozenDictionary<string, Taking> Members = new Dictionary<string, Taking>
    {
        ["max_tokens"] = static r => Taken(r.MaxTokens is { } value ? JsonValue.Create(value) : null, r.MaxTokens = null),
        ["max_completion_tokens"] = static r => Taken(r.MaxCompletionTokens is { } value ? JsonValue.Create(value) : null, r.MaxCompletionTokens = null),
        ["temperature"] = static r => Taken(r.Temperature is { } value ? JsonValue.Create(value) : null, r.Temperature = null),
        ["top_p"] = static r => Taken(r.TopP is { } value ? JsonValue.Create(value) : null, r.TopP = null),
        ["top_k"] = static r => Taken(r.TopK is { } value ? JsonValue.Create(value) : null, r.TopK = null),
        ["frequency_penalty"] = static r => Taken(r.FrequencyPenalty is { } value ? JsonValue.Create(value) : null, r.FrequencyPenalty = null),
        ["presence_penalty"] = static r => Taken(r.PresencePenalty is { } value ? JsonValue.Create(value) : null, r.PresencePenalty = null),
        ["seed"] = static r => Taken(r.Seed is { } value ? JsonValue.Create(value) : null, r.Seed = null),
        ["stop"] = static r => Taken(r.Stop is { } value ? new JsonArray([.. value.Select(static stop => JsonValue.Create(stop))]) : null, r.Stop = null),
        ["parallel_tool_calls"] = static r => Taken(r.ParallelToolCalls is { } value ? JsonValue.Create(value) : null, r.ParallelToolCalls = null),
    }.ToFrozenDictionary();

    /// <summary>Gives fields the provider's names.</summary>
    public static void Rename(ChatCompletionRequest request, IReadOnlyDictionary<string, string> renames)
    {
        foreach (var (name, path) in renames)
        {
            if (Take(request, name) is { } value)
                Put(request, path, value);
        }
    }

    /// <summary>Puts values where nothing stands yet.</summary>
    public static void PutAll(ChatCompletionRequest request, IReadOnlyDictionary<string, JsonElement> values)
    {
        foreach (var (path, value) in values)
        {
            if (JsonNode.Parse(value.GetRawText()) is { } node)
                Put(request, path, node);
        }
    }

    /// <summary>Puts a value where nothing stands yet.</summary>
    /// <param name="request">The request.</param>
    /// <param name="path">The field, or with dots the way to it.</param>
    /// <param name="value">The value, which is in no other document.</param>
    public static void Put(ChatCompletionRequest request, string path, JsonNode value)
    {
        var dot = path.IndexOf('.', StringComparison.Ordinal);
        var first = dot < 0 ? path : path[..dot];
        if (first == ReasoningEffort)
        {
            request.ReasoningEffort ??= value.ToString();
            return;
        }

        var existing = first == Reasoning ? request.Reasoning
            : request.Extra is { } extra && extra.TryGetValue(first, out var other) ? other
            : (JsonElement?)null;
        if (existing is { ValueKind: JsonValueKind.Null })
            existing = null;
        if (existing is not null && (dot < 0 || existing.Value.ValueKind != JsonValueKind.Object))
            return;

        var written = Element(dot < 0 ? value : Nest(existing, path[(dot + 1)..], value));
        if (first == Reasoning)
            request.Reasoning = written;
        else
            (request.Extra ??= new Dictionary<string, JsonElement>())[first] = written;
    }

    private static JsonObject Nest(JsonElement? existing, string path, JsonNode value)
    {
        var root = existing is { } given ? JsonObject.Create(given)! : [];
        var parent = root;
        var steps = path.Split('.');
        for (var i = 0; i < steps.Length - 1; i++)
        {
            if (parent[steps[i]] is not JsonObject child)
            {
                if (parent[steps[i]] is not null)
                    return root;
                parent[steps[i]] = child = [];
            }

            parent = child;
        }

        parent[steps[^1]] ??= value;
        return root;
    }

    private static JsonNode? Take(ChatCompletionRequest request, string name)
    {
        if (Members.TryGetValue(name, out var take))
            return take(request);

        return request.Extra is { } extra && extra.Remove(name, out var value) ? JsonNode.Parse(value.GetRawText()) : null;
    }

    // The second argument is evaluated, and the member emptied, after the first has its value.
    private static JsonNode? Taken(JsonNode? value, object? emptied)
    {
        _ = emptied;
        return value;
    }

    private static JsonElement Element(JsonNode node) => JsonElement.Parse(node.ToJsonString(WireJson.Strict.Options));
}
