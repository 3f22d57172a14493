using MeaiRouter.Catalog;

namespace MeaiRouter.Routing;

/// <summary>Which endpoints a slug means.</summary>
internal static class EndpointSlugs
{
    private const string Priority = "priority";
    private const string Flex = "flex";

    /// <summary>Whether a request's slug means the endpoint: its whole tag, or the beginning of it unless it is of a service tier.</summary>
    public static bool Matches(ModelEndpoint endpoint, string slug) =>
        IsWithin(endpoint.Tag, slug) && (endpoint.Tag.Length == slug.Length || TierOf(endpoint) == ServiceTiers.None);

    /// <inheritdoc cref="Matches"/>
    public static bool MatchesAny(ModelEndpoint endpoint, IReadOnlyList<string> slugs)
    {
        for (var i = 0; i < slugs.Count; i++)
        {
            if (Matches(endpoint, slugs[i]))
                return true;
        }

        return false;
    }

    /// <summary>Whether one of the slugs is the endpoint's whole tag.</summary>
    public static bool NamesExactly(ModelEndpoint endpoint, IReadOnlyList<string> slugs)
    {
        for (var i = 0; i < slugs.Count; i++)
        {
            if (endpoint.Tag.Equals(slugs[i], StringComparison.OrdinalIgnoreCase))
                return true;
        }

        return false;
    }

    /// <summary>Whether a policy's slug covers the endpoint: its provider, or the beginning of its tag, with all service tiers.</summary>
    public static bool CoveredByAny(ModelEndpoint endpoint, IReadOnlyList<string> slugs)
    {
        for (var i = 0; i < slugs.Count; i++)
        {
            if (endpoint.Provider.Equals(slugs[i], StringComparison.OrdinalIgnoreCase) || IsWithin(endpoint.Tag, slugs[i]))
                return true;
        }

        return false;
    }

    /// <summary>The service tier that the last segment of the tag names.</summary>
    public static ServiceTiers TierOf(ModelEndpoint endpoint)
    {
        var slash = endpoint.Tag.LastIndexOf('/');
        return slash < 0 ? ServiceTiers.None : TierOf(endpoint.Tag.AsSpan(slash + 1));
    }

    /// <summary>The service tier of that name, if it is one that needs admission.</summary>
    public static ServiceTiers TierOf(ReadOnlySpan<char> name)
    {
        if (name.Equals(Priority, StringComparison.OrdinalIgnoreCase))
            return ServiceTiers.Priority;
        return name.Equals(Flex, StringComparison.OrdinalIgnoreCase) ? ServiceTiers.Flex : ServiceTiers.None;
    }

    private static bool IsWithin(string tag, string slug) =>
        tag.StartsWith(slug, StringComparison.OrdinalIgnoreCase) && (tag.Length == slug.Length || tag[slug.Length] == '/');
}
