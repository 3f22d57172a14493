using MeaiRouter.Attempts;
using MeaiRouter.Fallback;

namespace MeaiRouter.Configuration;

/// <summary>Reads how often and how long endpoints are tried.</summary>
internal static class FallbackReader
{
    // Both ends are open: nothing, or everything, would be hedged.
    private const double LeastShare = 0.001;

    /// <summary>Reads the options; what is not set keeps its default.</summary>
    public static Action<FallbackOptions> Read(SectionReader? section)
    {
        if (section is null)
            return static _ => { };

        var maxAttempts = section.Number("MaxAttempts", minimum: 1);
        var firstContent = section.Duration("FirstContent");
        var wholeAnswer = section.Duration("WholeAnswer");
        var idle = section.Duration("Idle");
        var total = section.Duration("Total");
        var retryAfterAtMost = section.DurationOrZero("RetryAfterAtMost");
        var hold = section.DurationOrZero("Hold");
        var holdCharacters = section.Number("HoldCharacters", minimum: 0);
        var restartBroken = section.Flag("RestartBroken");
        var allowPrefill = section.Flag("AllowPrefill");
        var onContentFiltered = section.Choice("OnContentFiltered", RetryElsewhere.Never, RetryElsewhere.Always);
        var requireFinishReason = section.Flag("RequireFinishReason");
        var budget = ReadRetryBudget(section.Section("RetryBudget"));
        var hedging = ReadHedging(section.Section("Hedging"));
        var load = section.Section("Load");
        var maxConcurrency = load?.Number("MaxConcurrency", minimum: 1);
        var queueLimit = load?.Number("QueueLimit", minimum: 0);
        var maxWait = load?.Duration("MaxWait");

        return options =>
        {
            options.MaxAttempts = maxAttempts ?? options.MaxAttempts;
            options.FirstContent = firstContent ?? options.FirstContent;
            options.WholeAnswer = wholeAnswer ?? options.WholeAnswer;
            options.Idle = idle ?? options.Idle;
            options.Total = total ?? options.Total;
            options.RetryAfterAtMost = retryAfterAtMost ?? options.RetryAfterAtMost;
            options.OnContentFiltered = onContentFiltered ?? options.OnContentFiltered;
            options.RequireFinishReason = requireFinishReason ?? options.RequireFinishReason;
            options.RetryBudget = budget ?? options.RetryBudget;
            options.Hedging = hedging ?? options.Hedging;
            options.Hold = hold ?? options.Hold;
            options.HoldCharacters = holdCharacters ?? options.HoldCharacters;
            options.RestartBroken = restartBroken ?? options.RestartBroken;
            options.AllowPrefill = allowPrefill ?? options.AllowPrefill;
            options.Load.MaxConcurrency = maxConcurrency ?? options.Load.MaxConcurrency;
            options.Load.QueueLimit = queueLimit ?? options.Load.QueueLimit;
            options.Load.MaxWait = maxWait ?? options.Load.MaxWait;
        };
    }

    private static RetryBudget? ReadRetryBudget(SectionReader? section)
    {
        if (section is null)
            return null;

        var defaults = new RetryBudget();
        var window = section.Duration("Window");
        if (window < TimeSpan.FromSeconds(1) || window > TimeSpan.FromHours(1))
        {
            section.Refuse("Window", $"'{window}' is not between a second and an hour.");
            window = null;
        }

        return new RetryBudget(section.Real("Share", 0, 100) ?? defaults.Share, section.Number("Floor", minimum: 0) ?? defaults.Floor, window);
    }

    private static HedgingOptions? ReadHedging(SectionReader? section)
    {
        if (section is null)
            return null;

        var options = new HedgingOptions();
        options.Quantile = section.Real("Quantile", LeastShare, 1 - LeastShare) ?? options.Quantile;
        options.MaxShare = section.Real("MaxShare", LeastShare, 1) ?? options.MaxShare;
        return options;
    }
}
