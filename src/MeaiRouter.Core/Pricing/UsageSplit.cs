using Microsoft.Extensions.AI;

namespace MeaiRouter.Pricing;

/// <summary>Splits usage that nests its parts into disjoint buckets, and notes what does not add up.</summary>
internal ref struct UsageSplit
{
    // No request comes near it; it keeps what a provider may claim from overflowing sums and costs.
    private const long MostTokens = int.MaxValue;

    // Nor does one run a provider's tools so often.
    private const long MostUnits = 1_000;

    private UsageDiscrepancies _odd;

    /// <summary>Whether the usage says anything about tokens. Numbers that are all absent are no usage; an explicit zero is.</summary>
    public static bool HasCounts(UsageDetails usage) =>
        usage.InputTokenCount is not null || usage.OutputTokenCount is not null || usage.TotalTokenCount is not null
        || usage.CachedInputTokenCount is not null || usage.ReasoningTokenCount is not null;

    public static TokenUsage Of(UsageDetails usage) => default(UsageSplit).Split(usage);

    /// <summary>
    /// The usage with what a provider counted beside input and output, such as Gemini's thoughts, within them, so that both sides are what is charged;
    /// the same instance where nothing was beside them.
    /// </summary>
    public static UsageDetails Settle(UsageDetails usage)
    {
        if (usage.TotalTokenCount is not { } total || total == usage.InputTokenCount + usage.OutputTokenCount)
            return usage;

        var split = default(UsageSplit);
        var reasoning = split.Plausible(usage.ReasoningTokenCount);
        var cached = split.Plausible(usage.CachedInputTokenCount) + split.Plausible(Count(usage, UsageCounts.CacheWrite)) + split.Plausible(Count(usage, UsageCounts.CacheWrite1h));
        var (input, output) = split.Sides(usage, cached, ref reasoning);
        if (split._odd != 0 || (input == usage.InputTokenCount && output == usage.OutputTokenCount))
            return usage;

        var settled = new UsageDetails();
        settled.Add(usage);
        (settled.InputTokenCount, settled.OutputTokenCount) = (input, output);
        if (reasoning > 0)
            settled.ReasoningTokenCount = reasoning;
        return settled;
    }

    private TokenUsage Split(UsageDetails usage)
    {
        var cacheRead = Plausible(usage.CachedInputTokenCount);
        var cacheWrite1h = Plausible(Count(usage, UsageCounts.CacheWrite1h));
        var cacheWrite = Plausible(Count(usage, UsageCounts.CacheWrite) ?? Count(usage, UsageCounts.AnthropicCacheCreation) - cacheWrite1h);
        var reasoning = Plausible(usage.ReasoningTokenCount);
        var (input, output) = Sides(usage, cacheRead + cacheWrite + cacheWrite1h, ref reasoning);
        if (usage.TotalTokenCount is { } total && total != input + output)
            _odd |= UsageDiscrepancies.Total;

        var (inputLeft, outputLeft) = (input, output);
        cacheRead = Take(cacheRead, ref inputLeft, UsageDiscrepancies.Input);
        cacheWrite = Take(cacheWrite, ref inputLeft, UsageDiscrepancies.Input);
        cacheWrite1h = Take(cacheWrite1h, ref inputLeft, UsageDiscrepancies.Input);
        reasoning = Take(reasoning, ref outputLeft, UsageDiscrepancies.Output);
        var rare = HasRare(usage) ? Rare(usage, ref inputLeft, ref outputLeft) : null;

        return new TokenUsage(rare)
        {
            Input = inputLeft,
            CacheRead = cacheRead,
            CacheWrite = cacheWrite,
            CacheWrite1h = cacheWrite1h,
            Output = outputLeft,
            Reasoning = reasoning,
            Requests = 1,
            Discrepancies = _odd,
        };
    }

    /// <summary>Input and output with what was counted beside them instead of inside, as far as the total tells.</summary>
    private (long Input, long Output) Sides(UsageDetails usage, long cached, ref long reasoning)
    {
        var (input, output) = (Plausible(usage.InputTokenCount), Plausible(usage.OutputTokenCount));
        if (usage.TotalTokenCount is not { } reported)
            return (input, output);

        var missing = Plausible(reported) - input - output;
        if (missing <= 0)
            return (input, output);

        if (usage.InputTokenCount is null && usage.OutputTokenCount is null)
        {
            // Which side the tokens were on nobody knows.
            _odd |= UsageDiscrepancies.Total;
            return (missing, 0);
        }

        if (usage.InputTokenCount is null)
            return (missing, output);
        if (usage.OutputTokenCount is null)
            return (input, missing);

        // Reasoning missing from the output shows as a total above input plus output (peers' 17 % billing gaps); so do cached tokens.
        if (missing == reasoning)
            return (input, output + reasoning);
        if (missing == cached)
            return (input + cached, output);
        if (missing == cached + reasoning)
            return (input + cached, output + reasoning);
        if (reasoning > 0)
            return (input, output);

        // Gemini on OpenAI's wire: thoughts are in the total alone. They cost what output costs.
        reasoning = missing;
        return (input, output + missing);
    }

#pragma warning disable MEAI001 // The audio counts are experimental, but providers already report by them.
    private static bool HasRare(UsageDetails usage) =>
        usage.AdditionalCounts is { Count: > 0 } || usage.InputAudioTokenCount > 0 || usage.OutputAudioTokenCount > 0;

    private RareUsage? Rare(UsageDetails usage, ref long inputLeft, ref long outputLeft) => new RareUsage
    {
        AudioInput = Take(Plausible(Count(usage, UsageCounts.AudioInput) ?? usage.InputAudioTokenCount), ref inputLeft, UsageDiscrepancies.Input),
        ImageInput = Take(Plausible(Count(usage, UsageCounts.ImageInput)), ref inputLeft, UsageDiscrepancies.Input),
        VideoInput = Take(Plausible(Count(usage, UsageCounts.VideoInput)), ref inputLeft, UsageDiscrepancies.Input),
        AudioOutput = Take(Plausible(Count(usage, UsageCounts.AudioOutput) ?? usage.OutputAudioTokenCount), ref outputLeft, UsageDiscrepancies.Output),
        ImageOutput = Take(Plausible(Count(usage, UsageCounts.ImageOutput)), ref outputLeft, UsageDiscrepancies.Output),
        WebSearches = Plausible(Count(usage, UsageCounts.WebSearches), MostUnits),
        ToolUnits = Plausible(Count(usage, UsageCounts.ToolUnits), MostUnits),
    }.OrNull();
#pragma warning restore MEAI001

    private long Take(long part, ref long left, UsageDiscrepancies side)
    {
        if (part > left)
            _odd |= side;
        var taken = Math.Min(part, left);
        left -= taken;
        return taken;
    }

    private long Plausible(long? value, long most = MostTokens)
    {
        if (value is not { } count)
            return 0;
        if (count < 0 || count > most)
            _odd |= UsageDiscrepancies.Implausible;
        return Math.Clamp(count, 0, most);
    }

    private static long? Count(UsageDetails usage, string key) =>
        usage.AdditionalCounts is { } counts && counts.TryGetValue(key, out var value) ? value : null;
}
