using MeaiRouter.Policies;

namespace MeaiRouter.Configuration;

/// <summary>Reads what a key or the whole app permits.</summary>
internal static class PolicyReader
{
    public static RoutingPolicy? Read(SectionReader? section, string name) => section is null ? null : new RoutingPolicy
    {
        Name = name,
        ZeroDataRetention = section.Flag("Zdr") ?? false,
        DataCollection = section.Choice<DataCollection>("DataCollection") ?? DataCollection.Allow,
        AllowedModels = section.Texts("AllowedModels") ?? [],
        IgnoredModels = section.Texts("IgnoredModels") ?? [],
        AllowedProviders = section.Texts("AllowedProviders") ?? [],
        IgnoredProviders = section.Texts("IgnoredProviders") ?? [],
        MaxPrice = ReadCeiling(section.Section("MaxPrice")),
        Regions = section.Texts("Regions") ?? [],
    };

    public static PriceCeiling? ReadCeiling(SectionReader? section) => section is null ? null : new PriceCeiling
    {
        Prompt = section.Dollars("Prompt"),
        Completion = section.Dollars("Completion"),
        Request = section.Dollars("Request"),
        Image = section.Dollars("Image"),
        Audio = section.Dollars("Audio"),
    };
}
