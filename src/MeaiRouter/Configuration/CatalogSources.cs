using MeaiRouter.Catalog;

namespace MeaiRouter.Configuration;

/// <summary>Where models and prices come from besides the configuration itself.</summary>
internal sealed record CatalogSources
{
    public static CatalogSources None { get; } = new();

    /// <summary>What is built in, as far as it is wanted.</summary>
    public IReadOnlyList<CatalogContribution> BuiltIn { get; init; } = [];

    public IReadOnlyList<CatalogFileSettings> Files { get; init; } = [];

    /// <summary>What the files say, each as it was when it was first read.</summary>
    public IReadOnlyList<CatalogContribution> Imports { get; init; } = [];

    /// <summary>The models that can be asked for without being configured.</summary>
    public IEnumerable<Model> Offered =>
        BuiltIn.Concat(Imports).Where(static contribution => !contribution.OnlyCompletes).SelectMany(static contribution => contribution.Models);
}
