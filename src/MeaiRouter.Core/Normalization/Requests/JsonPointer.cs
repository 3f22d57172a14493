using System.Globalization;
using System.Text.Json.Nodes;

namespace MeaiRouter.Normalization.Requests;

/// <summary>References within one document (RFC 6901), as <c>$ref</c> writes them.</summary>
internal static class JsonPointer
{
    /// <summary>What a reference such as <c>#/$defs/node</c> refers to; <see langword="null"/> if it is not there, or in another document.</summary>
    public static JsonNode? Find(JsonNode root, string reference)
    {
        if (reference == "#")
            return root;
        if (!reference.StartsWith("#/", StringComparison.Ordinal))
            return null;

        JsonNode? found = root;
        foreach (var part in reference[2..].Split('/'))
        {
            var name = NameOf(part);
            found = found switch
            {
                JsonObject members => members.TryGetPropertyValue(name, out var member) ? member : null,
                JsonArray list => int.TryParse(name, NumberStyles.None, CultureInfo.InvariantCulture, out var index) && index < list.Count ? list[index] : null,
                _ => null,
            };
        }

        return found;
    }

    /// <summary>The last name in a reference.</summary>
    public static string LastName(string reference) => NameOf(reference[(reference.LastIndexOf('/') + 1)..]);

    private static string NameOf(string part) => Uri.UnescapeDataString(part).Replace("~1", "/", StringComparison.Ordinal).Replace("~0", "~", StringComparison.Ordinal);
}
