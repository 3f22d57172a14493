using System.Buffers.Binary;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text.Json;
using MeaiRouter.Collections;

namespace MeaiRouter.Normalization.Requests;

/// <summary>The schemas of one endpoint in the form it takes, each made once.</summary>
/// <remarks>An app declares the same objects again and again, a gateway's callers the same bytes; both are recognized.</remarks>
internal sealed class SchemaCache
{
    // A few per app; more than this at once is somebody making them up.
    private const int Capacity = 256;

    private readonly SchemaReducer _reducer;
    private readonly ConditionalWeakTable<object, Entry> _byOwner = [];
    private readonly SecondChanceMap<Entry> _byContent = new(Capacity);

    private SchemaCache(SchemaReducer reducer) => _reducer = reducer;

    /// <summary>The cache for an endpoint that refuses the given keywords; <see langword="null"/> if it refuses none.</summary>
    /// <param name="refused">Those it refuses anywhere.</param>
    /// <param name="refusedAtTop">Those it refuses at the top only.</param>
    public static SchemaCache? For(IReadOnlySet<string> refused, IReadOnlySet<string> refusedAtTop) =>
        refused.Count == 0 && refusedAtTop.Count == 0 ? null : new SchemaCache(new SchemaReducer(refused, refusedAtTop));

    /// <summary>The schema without the refused keywords; <see langword="null"/> if it holds none.</summary>
    /// <param name="owner">The object the schema belongs to.</param>
    /// <param name="schema">The schema.</param>
    public ReducedSchema? Reduce(object owner, JsonElement schema)
    {
        if (schema.ValueKind != JsonValueKind.Object)
            return null;

        // A tool of the caller's may make its schema anew, and another one: the owner alone does not vouch for it.
        if (_byOwner.TryGetValue(owner, out var known) && IsSame(known, schema))
            return known.Reduced;

        var entry = EntryOf(schema);
        _byOwner.AddOrUpdate(owner, entry);
        return entry.Reduced;
    }

    private Entry EntryOf(JsonElement schema)
    {
        var bytes = JsonMarshal.GetRawUtf8Value(schema);
        Span<byte> digest = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(bytes, digest);
        var key = BinaryPrimitives.ReadUInt64LittleEndian(digest);
        if (_byContent.Find(key) is { } known && IsSame(known, schema))
            return known;

        // A copy: the caller's document may be disposed.
        var entry = new Entry(schema.Clone(), _reducer.Reduce(schema));
        _byContent.Set(key, entry);
        return entry;
    }

    private static bool IsSame(Entry entry, JsonElement schema) =>
        JsonMarshal.GetRawUtf8Value(entry.Schema).SequenceEqual(JsonMarshal.GetRawUtf8Value(schema));

    private sealed record Entry(JsonElement Schema, ReducedSchema? Reduced);
}
