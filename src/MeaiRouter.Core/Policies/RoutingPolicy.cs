namespace MeaiRouter.Policies;

/// <summary>What a tenant, a key or a whole app permits. A request can only be stricter, never laxer.</summary>
/// <remarks>
/// Where several apply, an endpoint must satisfy all of them: allowlists intersect, ignore lists unite, zero retention and denied data
/// collection hold if one demands them, the lowest price ceiling counts, as at OpenRouter.
/// </remarks>
public sealed record RoutingPolicy
{
    /// <summary>Whose policy it is, as reasons name it.</summary>
    /// <value>Default: <c>policy</c>.</value>
    public string Name { get; init; } = "policy";

    /// <summary>The only models to use, with <c>*</c> for any characters: <c>acme/*</c>; empty allows all.</summary>
    public IReadOnlyList<string> AllowedModels { get; init; } = [];

    /// <summary>Models never to use, with <c>*</c> for any characters.</summary>
    public IReadOnlyList<string> IgnoredModels { get; init; } = [];

    /// <summary>The only providers, or slugs of endpoints, to use; empty allows all. A provider includes its service tiers.</summary>
    public IReadOnlyList<string> AllowedProviders { get; init; } = [];

    /// <summary>Providers, or slugs of endpoints, never to use. A provider includes its service tiers.</summary>
    public IReadOnlyList<string> IgnoredProviders { get; init; } = [];

    /// <summary>Whether only endpoints known to keep nothing may be used.</summary>
    public bool ZeroDataRetention { get; init; }

    /// <summary>Whether providers may collect what they are sent.</summary>
    /// <value>Default: <see cref="DataCollection.Allow"/>.</value>
    public DataCollection DataCollection { get; init; }

    /// <summary>The most an endpoint may charge; <see langword="null"/> for no limit.</summary>
    public PriceCeiling? MaxPrice { get; init; }

    /// <summary>The regions to which data may go, such as <c>eu</c>: an endpoint must compute nowhere else. Empty allows all.</summary>
    public IReadOnlyList<string> Regions { get; init; } = [];
}
