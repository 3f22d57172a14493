using MeaiRouter.Catalog;
using MeaiRouter.OpenAI;

namespace MeaiRouter.Configuration;

/// <summary>What can be said of a provider as a whole and, where it differs, of one of its endpoints.</summary>
internal sealed record ProviderTraits
{
    /// <summary>The known provider whose rules of writing and reading apply; <see langword="null"/> for none in particular.</summary>
    public KnownProvider? Rules { get; init; }

    public DataPolicy? DataPolicy { get; init; }

    public IReadOnlyList<string>? Regions { get; init; }

    /// <summary>What list prices are multiplied by: below 1 for a discount, above for a margin; <see langword="null"/> for neither.</summary>
    public decimal? PriceFactor { get; init; }

    public static ProviderTraits Read(SectionReader section) => new()
    {
        Rules = ReadDialect(section),
        DataPolicy = ReadDataPolicy(section.Section("DataPolicy")),
        Regions = section.Texts("Regions"),
        PriceFactor = section.Factor("PriceFactor"),
    };

    /// <summary>These traits, completed by what is said of the whole.</summary>
    public ProviderTraits Within(ProviderTraits? whole) => whole is null ? this : new()
    {
        Rules = Rules ?? whole.Rules,
        DataPolicy = DataPolicy is null || whole.DataPolicy is null
            ? DataPolicy ?? whole.DataPolicy
            : new DataPolicy
            {
                Training = DataPolicy.Training ?? whole.DataPolicy.Training,
                Retention = DataPolicy.Retention ?? whole.DataPolicy.Retention,
                AllowedDataClasses = DataPolicy.AllowedDataClasses.Count > 0 ? DataPolicy.AllowedDataClasses : whole.DataPolicy.AllowedDataClasses,
            },
        Regions = Regions ?? whole.Regions,
        PriceFactor = PriceFactor ?? whole.PriceFactor,
    };

    private static KnownProvider? ReadDialect(SectionReader section)
    {
        var name = section.Text("Dialect");
        if (name is null)
            return null;

        if (KnownProviders.TryGet(name, out var provider))
            return provider;

        section.Refuse("Dialect", $"'{name}' is not a known provider.{Suggestion.For(name, ProviderReader.KnownNames)}");
        return null;
    }

    private static DataPolicy? ReadDataPolicy(SectionReader? section) => section is null
        ? null
        : new DataPolicy
        {
            Training = section.Flag("Training"),
            Retention = section.Text("Retention"),
            AllowedDataClasses = section.Texts("AllowedDataClasses") ?? [],
        };
}
