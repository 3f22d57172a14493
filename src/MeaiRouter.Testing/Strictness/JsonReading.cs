using System.Text.Json;

namespace MeaiRouter.Testing;

/// <summary>Reads JSON that may be of any shape.</summary>
internal static class JsonReading
{
    extension(JsonElement json)
    {
        public bool IsObject() => json.ValueKind == JsonValueKind.Object;

        /// <summary>The member, of kind <see cref="JsonValueKind.Undefined"/> where there is none.</summary>
        public JsonElement Get(string name) => json.IsObject() && json.TryGetProperty(name, out var value) ? value : default;

        public string? Text(string name) => json.Get(name) is { ValueKind: JsonValueKind.String } value ? value.GetString() : null;

        public double? Number(string name) => json.Get(name) is { ValueKind: JsonValueKind.Number } value ? value.GetDouble() : null;

        public bool IsTrue(string name) => json.Get(name).ValueKind == JsonValueKind.True;

        /// <summary>Whether the member is there and not null.</summary>
        public bool Has(string name) => json.Get(name).ValueKind is not (JsonValueKind.Undefined or JsonValueKind.Null);

        /// <summary>The elements of the member, if it is a list.</summary>
        public IEnumerable<JsonElement> Items(string name) =>
            json.Get(name) is { ValueKind: JsonValueKind.Array } list ? list.EnumerateArray() : [];

        public IEnumerable<string> Names() => json.IsObject() ? json.EnumerateObject().Select(static member => member.Name) : [];
    }
}
