using MeaiRouter.Policies;
using MeaiRouter.Routing;

namespace MeaiRouter.Configuration;

/// <summary>Reads how a preset routes: the fields of <see cref="RoutingPreferences"/>.</summary>
internal static class PreferencesReader
{
    public static RoutingPreferences Read(SectionReader? section) => section is null ? RoutingPreferences.None : new RoutingPreferences
    {
        Order = section.Texts("Order") ?? [],
        Only = section.Texts("Only") ?? [],
        Ignore = section.Texts("Ignore") ?? [],
        AllowFallbacks = section.Flag("AllowFallbacks"),
        RequireParameters = section.Flag("RequireParameters"),
        DataCollection = section.Choice<DataCollection>("DataCollection"),
        ZeroDataRetention = section.Flag("Zdr") ?? false,
        EnforceDistillableText = section.Flag("EnforceDistillableText"),
        Quantizations = section.Texts("Quantizations") ?? [],
        Sort = ReadSort(section),
        PreferredMinThroughput = ReadCutoffs(section, "PreferredMinThroughput"),
        PreferredMaxLatency = ReadCutoffs(section, "PreferredMaxLatency"),
        CompressContext = section.Flag("CompressContext"),
        HealAnswers = section.Flag("HealAnswers"),
        MaxPrice = PolicyReader.ReadCeiling(section.Section("MaxPrice")),
    };

    private static SortPreference? ReadSort(SectionReader section)
    {
        if (!section.IsSection("Sort"))
            return section.Choice<EndpointSort>("Sort") is { } simple ? new SortPreference(simple) : null;

        var sort = section.Section("Sort")!;
        if (!sort.Has("By"))
            sort.Refuse("By", "is missing.");
        var partition = sort.Choice<SortPartition>("Partition") ?? SortPartition.Model;
        return sort.Choice<EndpointSort>("By") is { } by ? new SortPreference(by, partition) : null;
    }

    private static PercentileCutoffs? ReadCutoffs(SectionReader section, string key)
    {
        if (!section.IsSection(key))
            return section.Real(key, 0, double.MaxValue) is { } median ? new PercentileCutoffs { P50 = median } : null;

        var cutoffs = section.Section(key)!;
        return new PercentileCutoffs
        {
            P50 = cutoffs.Real("P50", 0, double.MaxValue),
            P75 = cutoffs.Real("P75", 0, double.MaxValue),
            P90 = cutoffs.Real("P90", 0, double.MaxValue),
            P99 = cutoffs.Real("P99", 0, double.MaxValue),
        };
    }
}
