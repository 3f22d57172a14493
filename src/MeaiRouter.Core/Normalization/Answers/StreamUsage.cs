using MeaiRouter.Pricing;
using Microsoft.Extensions.AI;

namespace MeaiRouter.Normalization.Answers;

/// <summary>Collapses the usage of one stream: some providers report the running total again and again, others parts that add up.</summary>
internal sealed class StreamUsage
{
    private ChatResponseUpdate? _carrier;
    private UsageDetails? _usage;

    /// <summary>Takes the usage out of an update.</summary>
    /// <returns>What is left of the update; <see langword="null"/> if it carried nothing else.</returns>
    public ChatResponseUpdate? Take(ChatResponseUpdate update)
    {
        var rest = new List<AIContent>(update.Contents.Count);
        foreach (var content in update.Contents)
        {
            if (content is UsageContent usage)
                Add(usage.Details);
            else
                rest.Add(content);
        }

        _carrier = update;
        if (rest.Count == 0 && update.FinishReason is null)
            return null;

        var left = update.Clone();
        left.Contents = rest;
        return left;
    }

    /// <summary>The update that ends the stream with its whole usage; <see langword="null"/> if none was reported.</summary>
    public ChatResponseUpdate? ToUpdate()
    {
        if (_carrier is null)
            return null;

        var update = _carrier.Clone();
        update.FinishReason = null;
        update.Contents = [new UsageContent(UsageSplit.Settle(_usage!))];
        return update;
    }

    private void Add(UsageDetails next)
    {
        if (_usage is null || IsRunningTotal(_usage, next))
        {
            _usage = _usage is null ? next : Latest(_usage, next);
            return;
        }

        var sum = new UsageDetails();
        sum.Add(_usage);
        sum.Add(next);
        _usage = sum;
    }

    // Only what both say can tell: Anthropic's streams begin with the input and a first output token and end with the whole output.
    private static bool IsRunningTotal(UsageDetails earlier, UsageDetails later) =>
        Compare(earlier.InputTokenCount, later.InputTokenCount) is var input and >= 0
        && Compare(earlier.OutputTokenCount, later.OutputTokenCount) is var output and >= 0
        && (input + output > 0 || Compare(earlier.TotalTokenCount, later.TotalTokenCount) > 0);

    /// <summary>1 if a count has not shrunk, 0 if it cannot be compared, -1 if it has shrunk. A 0 after a number says nothing.</summary>
    private static int Compare(long? earlier, long? later) =>
        earlier is not { } before || later is null or 0 ? 0 : later >= before ? 1 : -1;

    private static long? Latest(long? earlier, long? later) => later is null or 0 ? earlier ?? later : later;

    // A provider may give details only once.
#pragma warning disable MEAI001 // The counts of audio and text are experimental, but providers already report by them.
    private static UsageDetails Latest(UsageDetails earlier, UsageDetails later) => new()
    {
        InputTokenCount = Latest(earlier.InputTokenCount, later.InputTokenCount),
        OutputTokenCount = Latest(earlier.OutputTokenCount, later.OutputTokenCount),
        TotalTokenCount = LatestTotal(earlier, later),
        CachedInputTokenCount = Latest(earlier.CachedInputTokenCount, later.CachedInputTokenCount),
        ReasoningTokenCount = Latest(earlier.ReasoningTokenCount, later.ReasoningTokenCount),
        InputAudioTokenCount = Latest(earlier.InputAudioTokenCount, later.InputAudioTokenCount),
        InputTextTokenCount = Latest(earlier.InputTextTokenCount, later.InputTextTokenCount),
        OutputAudioTokenCount = Latest(earlier.OutputAudioTokenCount, later.OutputAudioTokenCount),
        OutputTextTokenCount = Latest(earlier.OutputTextTokenCount, later.OutputTextTokenCount),
        AdditionalCounts = Latest(earlier.AdditionalCounts, later.AdditionalCounts),
    };
#pragma warning restore MEAI001

    // The total of an update that leaves a side out is not the total of both.
    private static long? LatestTotal(UsageDetails earlier, UsageDetails later)
    {
        if (later.TotalTokenCount is null && earlier.TotalTokenCount is null)
            return null;

        var isWhole = Latest(earlier.InputTokenCount, later.InputTokenCount) == later.InputTokenCount
            && Latest(earlier.OutputTokenCount, later.OutputTokenCount) == later.OutputTokenCount;
        return isWhole
            ? Latest(earlier.TotalTokenCount, later.TotalTokenCount)
            : Latest(earlier.InputTokenCount, later.InputTokenCount) + Latest(earlier.OutputTokenCount, later.OutputTokenCount);
    }

    private static AdditionalPropertiesDictionary<long>? Latest(
        AdditionalPropertiesDictionary<long>? earlier, AdditionalPropertiesDictionary<long>? later)
    {
        if (earlier is null || later is null)
            return later ?? earlier;

        var latest = new AdditionalPropertiesDictionary<long>(earlier);
        foreach (var (name, count) in later)
            latest[name] = Latest(latest.GetValueOrDefault(name), count) ?? count;
        return latest;
    }
}
