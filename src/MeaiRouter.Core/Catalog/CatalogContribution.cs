using System.Collections.Frozen;

namespace MeaiRouter.Catalog;

/// <summary>What one source says about models: one of the parts that <see cref="CatalogMerge"/> lays over each other.</summary>
public sealed record CatalogContribution
{
    /// <summary>Creates a contribution.</summary>
    /// <param name="name">The name of the source, for messages.</param>
    /// <param name="origin">How near to the user it was written, which decides who wins.</param>
    /// <param name="models">The models.</param>
    /// <param name="aliases">Other names for models, of this or any other contribution; <see langword="null"/> for none.</param>
    public CatalogContribution(
        string name, CatalogOrigin origin, IEnumerable<Model> models, IReadOnlyDictionary<string, string>? aliases = null)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(name);
        ArgumentNullException.ThrowIfNull(models);

        Name = name;
        Origin = origin;
        Models = [.. models];
        Aliases = aliases?.ToFrozenDictionary(StringComparer.OrdinalIgnoreCase) ?? FrozenDictionary<string, string>.Empty;
    }

    /// <summary>The name of the source.</summary>
    public string Name { get; }

    /// <summary>How near to the user it was written.</summary>
    public CatalogOrigin Origin { get; }

    /// <summary>The models.</summary>
    public IReadOnlyList<Model> Models { get; }

    /// <summary>Other names for models, each with the id it stands for.</summary>
    public IReadOnlyDictionary<string, string> Aliases { get; }

    /// <summary>Whether its models only complete what others say, above all with prices, and cannot be asked for themselves.</summary>
    /// <value>Default: <see langword="false"/>.</value>
    public bool OnlyCompletes { get; init; }
}
