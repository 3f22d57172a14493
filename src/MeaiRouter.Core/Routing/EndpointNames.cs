using System.Collections.Frozen;
using MeaiRouter.Catalog;

namespace MeaiRouter.Routing;

/// <summary>Every slug that means an endpoint of the catalogue, and so every slug that is a slip of the pen.</summary>
internal sealed class EndpointNames
{
    // Beyond it nothing is near, and finding that out would take its time.
    private const int LongestNearName = 128;

    private readonly FrozenSet<string> _slugs;
    private readonly FrozenSet<string> _providers;

    public EndpointNames(ModelCatalog catalog)
    {
        var endpoints = catalog.Models.SelectMany(static model => model.Endpoints).ToList();
        _slugs = endpoints.Select(static endpoint => endpoint.Tag).Distinct().SelectMany(Prefixes).ToFrozenSet(StringComparer.OrdinalIgnoreCase);
        _providers = endpoints.Select(static endpoint => endpoint.Provider).ToFrozenSet(StringComparer.OrdinalIgnoreCase);
    }

    /// <summary>Notes the slugs that mean no endpoint of any model. One that merely does not serve the model asked for is none of them.</summary>
    public void NoteUnknown(string field, IReadOnlyList<string> slugs, ref List<string>? notes)
    {
        for (var i = 0; i < slugs.Count; i++)
        {
            if (!_slugs.Contains(slugs[i]))
                (notes ??= []).Add($"'{slugs[i]}' in {field} names no endpoint of the catalogue.{Hint(slugs[i], _slugs)}");
        }
    }

    /// <summary>Notes that a key is for no provider of the catalogue.</summary>
    public bool NoteUnknownProvider(string provider, ref List<string>? notes)
    {
        if (_providers.Contains(provider))
            return false;

        (notes ??= []).Add($"The key for '{provider}' is for no provider of the catalogue.{Hint(provider, _providers)}");
        return true;
    }

    private static string Hint(string name, FrozenSet<string> known) => name.Length <= LongestNearName ? NearestNames.Hint(name, known) : "";

    // 'google-vertex/us-east5/x' is also meant by 'google-vertex/us-east5' and 'google-vertex'.
    private static IEnumerable<string> Prefixes(string tag)
    {
        for (var slash = tag.IndexOf('/'); slash > 0; slash = tag.IndexOf('/', slash + 1))
            yield return tag[..slash];
        yield return tag;
    }
}
