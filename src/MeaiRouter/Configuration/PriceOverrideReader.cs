using MeaiRouter.Pricing;

namespace MeaiRouter.Configuration;

/// <summary>Reads what changes a price, and refuses what could never take effect or leaves open which price holds.</summary>
internal static class PriceOverrideReader
{
    private static readonly string[] Tiers = ["flex", "priority", "scale"];

    private static readonly string[] Conditions = ["MinPromptTokens", "UtcStart", "UtcEnd", "ServiceTier", "Region", "Batch", "EffectiveFrom"];

    /// <summary>The prices of service tiers and then the overrides, which can win over them.</summary>
    public static PriceOverrides Read(SectionReader price)
    {
        var read = new List<(SectionReader Section, PriceOverride Override)>();
        foreach (var tier in price.Sections("ServiceTiers"))
        {
            // Read in any case, so that what else is wrong is said as well.
            read.Add((tier, ReadPrices(tier, new PriceOverride { ServiceTier = tier.Key.ToLowerInvariant() })));
            if (!Tiers.Contains(tier.Key, StringComparer.OrdinalIgnoreCase))
                tier.Refuse(UnknownTier(tier.Key));
        }

        foreach (var section in price.Sections("Overrides"))
            read.Add((section, ReadPrices(section, ReadConditions(section))));

        if (read.Count > PriceOverrides.Most)
        {
            price.Refuse("Overrides", $"are too many: together with service tiers there may be {PriceOverrides.Most}.");
            return PriceOverrides.None;
        }

        for (var later = 1; later < read.Count; later++)
            for (var earlier = 0; earlier < later; earlier++)
                CheckPair(read[earlier], read[later]);
        return [.. read.Select(static pair => pair.Override)];
    }

    private static PriceOverride ReadConditions(SectionReader section)
    {
        var conditions = new PriceOverride
        {
            MinPromptTokens = section.Number("MinPromptTokens", minimum: 1),
            UtcStart = section.TimeOfDay("UtcStart"),
            UtcEnd = section.TimeOfDay("UtcEnd"),
            ServiceTier = ReadTier(section),
            Region = section.Text("Region"),
            Batch = section.Flag("Batch"),
            EffectiveFrom = section.Moment("EffectiveFrom"),
        };

        if (section.Has("UtcStart") != section.Has("UtcEnd"))
            section.Refuse(section.Has("UtcStart") ? "UtcEnd" : "UtcStart", "is missing. A time of the day has both a start and an end.");
        else if (conditions.UtcStart is { } start && start == conditions.UtcEnd)
            section.Refuse("UtcEnd", "is the same as UtcStart. Leave both out for the whole day.");
        else if (!Array.Exists(Conditions, section.Has))
            section.Refuse("MinPromptTokens", "is missing, and so is every other condition. Set one, or change the price itself.");
        return conditions;
    }

    private static string? ReadTier(SectionReader section)
    {
        var tier = section.Text("ServiceTier");
        if (tier is null || Tiers.Contains(tier, StringComparer.OrdinalIgnoreCase))
            return tier?.ToLowerInvariant();

        section.Refuse("ServiceTier", UnknownTier(tier));
        return null;
    }

    private static string UnknownTier(string tier) =>
        $"'{tier}' is not a service tier with prices of its own.{Suggestion.For(tier, Tiers)}";

    private static PriceOverride ReadPrices(SectionReader section, PriceOverride conditions)
    {
        var read = conditions with
        {
            Version = section.Text("Version"),
            Prompt = section.Dollars("Prompt"),
            Completion = section.Dollars("Completion"),
            CacheRead = section.Dollars("CacheRead"),
            CacheWrite = section.Dollars("CacheWrite"),
            CacheWrite1h = section.Dollars("CacheWrite1h"),
            Reasoning = section.Dollars("Reasoning"),
            AudioInput = section.Dollars("AudioInput"),
            AudioOutput = section.Dollars("AudioOutput"),
            ImageInput = section.Dollars("ImageInput"),
            ImageOutput = section.Dollars("ImageOutput"),
            VideoInput = section.Dollars("VideoInput"),
            Request = section.Dollars("Request"),
            Image = section.Dollars("Image"),
            WebSearch = section.Dollars("WebSearch"),
            ToolUnit = section.Dollars("ToolUnit"),
        };
        if (!PriceReader.HasPrice(section))
            section.Refuse("Prompt", "is missing, and so is every other price. An override must change one.");
        return read;
    }

    private static void CheckPair((SectionReader Section, PriceOverride Override) earlier, (SectionReader Section, PriceOverride Override) later)
    {
        var (first, second) = (earlier.Override, later.Override);
        if (Implies(first, second) && PricesOf(first).Zip(PricesOf(second)).All(static pair => pair.First is null || pair.Second is not null))
        {
            earlier.Section.Refuse($"has no effect: wherever it holds ({first}), {later.Section.Path} ({second}) wins over it. Put the narrower one last.");
            return;
        }

        var sameBesidesTime = first.MinPromptTokens == second.MinPromptTokens && first.ServiceTier == second.ServiceTier
            && first.Batch == second.Batch && first.EffectiveFrom == second.EffectiveFrom
            && string.Equals(first.Region, second.Region, StringComparison.OrdinalIgnoreCase);
        if (sameBesidesTime && Overlap(first, second)
            && PricesOf(first).Zip(PricesOf(second)).Any(static pair => pair.First is not null && pair.Second is not null && pair.First != pair.Second))
            later.Section.Refuse($"overlaps {earlier.Section.Path} ({first}), and both set a price. Let one end where the other starts.");
    }

    /// <summary>Whether the second override holds wherever the first does.</summary>
    private static bool Implies(PriceOverride first, PriceOverride second) =>
        (second.MinPromptTokens is null || first.MinPromptTokens >= second.MinPromptTokens)
        && (second.ServiceTier is null || second.ServiceTier == first.ServiceTier)
        && (second.Region is null || string.Equals(second.Region, first.Region, StringComparison.OrdinalIgnoreCase))
        && (second.Batch is null || second.Batch == first.Batch)
        && (second.EffectiveFrom is null || first.EffectiveFrom >= second.EffectiveFrom)
        && (second.UtcStart is null || (second.UtcStart == first.UtcStart && second.UtcEnd == first.UtcEnd));

    private static bool Overlap(PriceOverride first, PriceOverride second) =>
        first is { UtcStart: { } firstStart, UtcEnd: { } firstEnd } && second is { UtcStart: { } secondStart, UtcEnd: { } secondEnd }
        && (firstStart.IsBetween(secondStart, secondEnd) || secondStart.IsBetween(firstStart, firstEnd));

    private static decimal?[] PricesOf(PriceOverride read) =>
    [
        read.Prompt, read.Completion, read.CacheRead, read.CacheWrite, read.CacheWrite1h, read.Reasoning, read.AudioInput, read.AudioOutput,
        read.ImageInput, read.ImageOutput, read.VideoInput, read.Request, read.Image, read.WebSearch, read.ToolUnit,
    ];
}
