using MeaiRouter.Catalog;

namespace MeaiRouter.Configuration;

/// <summary>What can be said of a provider as a whole and, where it differs, of one of its endpoints.</summary>
internal sealed record ProviderTraits
{
    /// <summary>The rules of writing and reading that apply; <see langword="null"/> for none in particular.</summary>
    public ProviderRules? Rules { get; init; }

    public DataPolicy? DataPolicy { get; init; }

    public IReadOnlyList<string>? Regions { get; init; }

    /// <summary>What list prices are multiplied by: below 1 for a discount, above for a margin; <see langword="null"/> for neither.</summary>
    public decimal? PriceFactor { get; init; }

    public static ProviderTraits Read(SectionReader section, DialectReader dialects) => new()
    {
        Rules = ReadDialect(section, dialects),
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

    private static ProviderRules? ReadDialect(SectionReader section, DialectReader dialects)
    {
        var name = section.Text("Dialect");
        if (name is null)
            return null;
        if (dialects.Find(name) is { } rules)
            return rules;

        section.Refuse("Dialect", $"'{name}' is neither a known provider nor one of Dialects.{Suggestion.For(name, dialects.Names)}");
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
