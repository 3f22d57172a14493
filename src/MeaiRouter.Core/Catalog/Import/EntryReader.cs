using System.Text.Json;

namespace MeaiRouter.Catalog;

/// <summary>Reads one object of a catalogue file: tolerant of what it does not know, and aware of the path of what is wrong.</summary>
internal sealed class EntryReader
{
    private readonly JsonElement _element;
    private readonly ImportLog _log;
    private readonly EntryReader? _parent;

    public EntryReader(JsonElement element, string path, ImportLog log, EntryReader? parent = null)
    {
        _element = element;
        _log = log;
        _parent = parent;
        Path = path;
    }

    public string Path { get; }

    /// <summary>Whether something was wrong that keeps the entry out of the catalogue.</summary>
    public bool IsBroken { get; private set; }

    public IEnumerable<JsonProperty> Members => _element.EnumerateObject();

    public void Note(string member, string message) => _log.Add(CatalogProblemKind.Note, PathOf(member), message);

    public void Skip(string member, string message) => _log.Add(CatalogProblemKind.Skipped, PathOf(member), message);

    public void Refuse(string member, string message)
    {
        for (var reader = this; reader is not null; reader = reader._parent)
            reader.IsBroken = true;
        _log.Add(CatalogProblemKind.Error, PathOf(member), message);
    }

    /// <summary>A nested object; <see langword="null"/> if absent or something else.</summary>
    public EntryReader? Object(string member) =>
        _element.TryGetProperty(member, out var value) && value.ValueKind == JsonValueKind.Object
            ? new EntryReader(value, PathOf(member), _log, this)
            : null;

    /// <summary>The objects of a nested list, each with its own path; what is no object is noted.</summary>
    public IEnumerable<EntryReader> Objects(string member)
    {
        if (!TryGet(member, out var list))
            yield break;
        if (list.ValueKind != JsonValueKind.Array)
        {
            Note(member, "is not a list and is not counted.");
            yield break;
        }

        var index = 0;
        foreach (var item in list.EnumerateArray())
        {
            var path = $"{member}[{index++}]";
            if (item.ValueKind == JsonValueKind.Object)
                yield return new EntryReader(item, PathOf(path), _log, this);
            else
                Note(path, "is not an object and is not counted.");
        }
    }

    public bool TryGet(string member, out JsonElement value) =>
        _element.TryGetProperty(member, out value) && value.ValueKind != JsonValueKind.Null;

    public bool Flag(string member) => _element.TryGetProperty(member, out var value) && value.ValueKind == JsonValueKind.True;

    public string? Text(string member) =>
        _element.TryGetProperty(member, out var value) && value.ValueKind == JsonValueKind.String && value.GetString() is { } text
        && !string.IsNullOrWhiteSpace(text) ? text : null;

    public IReadOnlyList<string> Texts(string member) =>
        !_element.TryGetProperty(member, out var value) || value.ValueKind != JsonValueKind.Array
            ? []
            : [.. value.EnumerateArray().Where(item => item.ValueKind == JsonValueKind.String).Select(item => item.GetString()!)];

    /// <summary>A number of tokens; absent, null and 0 mean unknown.</summary>
    public int? Limit(string member)
    {
        if (!TryGet(member, out var value))
            return null;

        if (value.ValueKind == JsonValueKind.Number && value.TryGetInt32(out var limit) && limit >= 0)
            return limit == 0 ? null : limit;

        Note(member, "is not a number of tokens. The limit is taken to be unknown.");
        return null;
    }

    private string PathOf(string member) => member.Length == 0 ? Path : $"{Path}.{member}";
}
