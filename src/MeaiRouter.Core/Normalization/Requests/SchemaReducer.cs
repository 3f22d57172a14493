using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace MeaiRouter.Normalization.Requests;

/// <summary>Removes the keywords an endpoint refuses from a schema.</summary>
/// <param name="refused">Those it refuses anywhere.</param>
/// <param name="refusedAtTop">Those it refuses at the top only.</param>
/// <remarks>
/// References are replaced by what they refer to. What else has another spelling gets it, and the rest is told in the description, so that
/// the model knows it all the same.
/// </remarks>
internal sealed class SchemaReducer(IReadOnlySet<string> refused, IReadOnlySet<string> refusedAtTop)
{
    // System.Text.Json reads and writes 64 levels, of which a request has some of its own; a schema seldom has ten.
    private const int DeepestNesting = 40;

    // A definition that is used twice, whose parts are used twice, and so on: each step doubles what is put in.
    private const int MostSchemas = 2_000;

    private static readonly JsonDocumentOptions Deep = new() { MaxDepth = 256 };

    // Models read it: a plus is a plus.
    private static readonly JsonWriterOptions Readable = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private readonly IReadOnlySet<string> _refusedAtTop = refusedAtTop;
    private readonly bool _inlines =
        refused.Contains(SchemaKeywords.Ref) || refused.Contains(SchemaKeywords.Defs) || refused.Contains(SchemaKeywords.Definitions);

    /// <summary>The schema without the refused keywords; <see langword="null"/> if it holds none.</summary>
    public ReducedSchema? Reduce(JsonElement schema)
    {
        if (!Holds(schema) && !SchemaTop.Holds(schema, _refusedAtTop))
            return null;

        var pass = new Pass(this, JsonObject.Create(schema)!);
        using var document = JsonDocument.Parse(Bytes(pass.Root()), Deep);
        return new ReducedSchema(document.RootElement.Clone(), [.. pass.Removed]);
    }

    /// <summary>A keyword that cannot be sent, as a description says it.</summary>
    public static string Hint(string keyword, JsonNode? value) => $"{keyword}: {(value is null ? "null" : Encoding.UTF8.GetString(Bytes(value)))}";

    private static byte[] Bytes(JsonNode node)
    {
        using var stream = new MemoryStream();
        using (var writer = new Utf8JsonWriter(stream, Readable))
            node.WriteTo(writer);
        return stream.ToArray();
    }

    private bool IsRemoved(string keyword) =>
        refused.Contains(keyword) || (_inlines && keyword is SchemaKeywords.Ref or SchemaKeywords.Defs or SchemaKeywords.Definitions);

    private bool Holds(JsonElement schema)
    {
        if (schema.ValueKind == JsonValueKind.Array)
            return schema.EnumerateArray().Any(Holds);
        if (schema.ValueKind != JsonValueKind.Object)
            return false;

        foreach (var member in schema.EnumerateObject())
        {
            if (IsRemoved(member.Name))
                return true;
            if (SchemaKeywords.OfSchemas.Contains(member.Name) && Holds(member.Value))
                return true;
            if (SchemaKeywords.OfNamedSchemas.Contains(member.Name) && member.Value.ValueKind == JsonValueKind.Object
                && member.Value.EnumerateObject().Any(named => Holds(named.Value)))
                return true;
        }

        return false;
    }

    /// <summary>One schema on its way through.</summary>
    private sealed class Pass(SchemaReducer reducer, JsonObject root)
    {
        private readonly List<string> _open = [];
        private int _schemas;

        public SortedSet<string> Removed { get; } = new(StringComparer.Ordinal);

        public JsonObject Root()
        {
            var reduced = Schema(root, 1)?.AsObject() ?? [];
            var hints = SchemaTop.Flatten(reduced, reducer._refusedAtTop, reducer.IsRemoved, Removed);
            return hints.Count == 0 ? reduced : WithHints(reduced, hints);
        }

        private JsonNode? Any(JsonNode? node, int depth) =>
            node is JsonArray list ? new JsonArray([.. list.Select(one => Schema(one, depth + 1))]) : Schema(node, depth);

        private JsonNode? Schema(JsonNode? node, int depth)
        {
            if (node is not JsonObject schema)
                return node?.DeepClone();
            if (++_schemas > MostSchemas || depth > DeepestNesting)
                return Stub(schema, "Nested too deeply to be shown.");

            return reducer._inlines && schema[SchemaKeywords.Ref] is JsonValue reference && reference.TryGetValue<string>(out var pointer)
                ? Referred(schema, pointer, depth)
                : Members(schema, depth);
        }

        private JsonObject Referred(JsonObject schema, string pointer, int depth)
        {
            Removed.Add(SchemaKeywords.Ref);
            var siblings = schema.DeepClone().AsObject();
            siblings.Remove(SchemaKeywords.Ref);
            if (JsonPointer.Find(root, pointer) is not JsonObject target)
                return Members(WithHints(siblings, [$"{SchemaKeywords.Ref}: {pointer}"]), depth);
            if (_open.Contains(pointer))
                return Members(WithHints(siblings, [$"The same again as '{JsonPointer.LastName(pointer)}'."], target["type"]), depth);

            // What stands beside a reference says more than what it refers to.
            var merged = target.DeepClone().AsObject();
            foreach (var (name, value) in siblings)
                merged[name] = value?.DeepClone();
            _open.Add(pointer);
            var reduced = Schema(merged, depth)!.AsObject();
            _open.RemoveAt(_open.Count - 1);
            return reduced;
        }

        private JsonObject Members(JsonObject schema, int depth)
        {
            var reduced = new JsonObject();
            List<string>? hints = null;
            List<KeyValuePair<string, JsonNode?>>? taken = null;
            foreach (var member in schema)
            {
                if (reducer.IsRemoved(member.Key))
                    (taken ??= []).Add(member);
                else
                    reduced[member.Key] = Value(member.Key, member.Value, depth);
            }

            for (var i = 0; i < taken?.Count; i++)
            {
                var (keyword, value) = taken[i];
                Removed.Add(keyword);
                if (!SchemaKeywords.OfNoMeaning.Contains(keyword) && !Respell(keyword, value, reduced, depth))
                    (hints ??= []).Add(Hint(keyword, Value(keyword, value, depth)));
            }

            return hints is null ? reduced : WithHints(reduced, hints);
        }

        private JsonNode? Value(string keyword, JsonNode? value, int depth)
        {
            if (SchemaKeywords.OfSchemas.Contains(keyword))
                return Any(value, depth + 1);
            if (!SchemaKeywords.OfNamedSchemas.Contains(keyword) || value is not JsonObject named)
                return value?.DeepClone();

            var reduced = new JsonObject();
            foreach (var (name, schema) in named)
                reduced[name] = Schema(schema, depth + 2);
            return reduced;
        }

        /// <summary>Says the same by another keyword, where there is one that the endpoint takes.</summary>
        private bool Respell(string keyword, JsonNode? value, JsonObject reduced, int depth)
        {
            switch (keyword)
            {
                case "additionalProperties" when value?.GetValueKind() == JsonValueKind.True:
                    return true; // It is so anyway.
                case SchemaKeywords.Const when !reducer.IsRemoved(SchemaKeywords.Enum) && !reduced.ContainsKey(SchemaKeywords.Enum):
                    reduced[SchemaKeywords.Enum] = new JsonArray(value?.DeepClone());
                    return true;
                case SchemaKeywords.OneOf when !reducer.IsRemoved(SchemaKeywords.AnyOf) && !reduced.ContainsKey(SchemaKeywords.AnyOf):
                    reduced[SchemaKeywords.AnyOf] = Any(value, depth + 1);
                    return true;
                case SchemaKeywords.AnyOf or SchemaKeywords.OneOf or SchemaKeywords.AllOf when value is JsonArray { Count: 1 } single:
                    return Merge(Schema(single[0], depth), reduced);
                case SchemaKeywords.AllOf when value is JsonArray parts:
                    return parts.All(part => Fits(part, reduced)) && parts.Select(part => Merge(Schema(part, depth), reduced)).All(static merged => merged);
                default:
                    return false;
            }
        }

        // Objects that extend each other are what allOf is used for: their members and what is required of them add up.
        private static bool Fits(JsonNode? part, JsonObject reduced) =>
            part is JsonObject schema
            && schema.All(member => member.Key is "type" or "properties" or "required" or SchemaKeywords.Description or SchemaKeywords.Ref
                && (member.Key != "type" || !reduced.TryGetPropertyValue("type", out var type) || JsonNode.DeepEquals(type, member.Value)));

        private static bool Merge(JsonNode? part, JsonObject reduced)
        {
            if (part is not JsonObject schema)
                return false;
            if (schema.Any(member => reduced.TryGetPropertyValue(member.Key, out var own) && !IsMergeable(member.Key, own, member.Value)))
                return false;

            foreach (var (name, value) in schema)
            {
                if (!reduced.TryGetPropertyValue(name, out var own))
                    reduced[name] = value?.DeepClone();
                else if (own is JsonObject members && value is JsonObject more)
                    AddTo(members, more);
                else if (own is JsonArray list && value is JsonArray further)
                    AddTo(list, further);
            }

            return true;
        }

        private static bool IsMergeable(string keyword, JsonNode? own, JsonNode? other) => keyword switch
        {
            "properties" => own is JsonObject members && other is JsonObject more && !more.Any(member => members.ContainsKey(member.Key)),
            "required" => own is JsonArray && other is JsonArray,
            SchemaKeywords.Description => true,
            _ => JsonNode.DeepEquals(own, other),
        };

        private static void AddTo(JsonObject members, JsonObject more)
        {
            foreach (var (name, value) in more)
                members.TryAdd(name, value?.DeepClone());
        }

        private static void AddTo(JsonArray list, JsonArray more)
        {
            foreach (var value in more)
            {
                if (!list.Any(own => JsonNode.DeepEquals(own, value)))
                    list.Add(value?.DeepClone());
            }
        }

        private JsonObject Stub(JsonObject schema, string hint) => WithHints([], [hint], schema["type"]);

        private JsonObject WithHints(JsonObject schema, IReadOnlyList<string> hints, JsonNode? type = null)
        {
            if (type is not null && !schema.ContainsKey("type") && !reducer.IsRemoved("type"))
                schema["type"] = type.DeepClone();
            if (reducer.IsRemoved(SchemaKeywords.Description))
                return schema;

            var told = string.Join("; ", hints);
            schema[SchemaKeywords.Description] = schema[SchemaKeywords.Description] is JsonValue value && value.TryGetValue<string>(out var own) && own.Length > 0
                ? $"{own} ({told})"
                : told;
            return schema;
        }
    }
}
