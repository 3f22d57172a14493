using Microsoft.Extensions.AI;

namespace MeaiRouter.Normalization;

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
        update.Contents = [new UsageContent(_usage!)];
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

    private static bool IsRunningTotal(UsageDetails earlier, UsageDetails later) =>
        (earlier.InputTokenCount ?? 0) <= (later.InputTokenCount ?? 0)
        && (earlier.OutputTokenCount ?? 0) <= (later.OutputTokenCount ?? 0)
        && (earlier.TotalTokenCount ?? 0) <= (later.TotalTokenCount ?? 0);

    // A provider may give details only once.
#pragma warning disable MEAI001 // The counts of audio and text are experimental, but providers already report by them.
    private static UsageDetails Latest(UsageDetails earlier, UsageDetails later) => new()
    {
        InputTokenCount = later.InputTokenCount ?? earlier.InputTokenCount,
        OutputTokenCount = later.OutputTokenCount ?? earlier.OutputTokenCount,
        TotalTokenCount = later.TotalTokenCount ?? earlier.TotalTokenCount,
        CachedInputTokenCount = later.CachedInputTokenCount ?? earlier.CachedInputTokenCount,
        ReasoningTokenCount = later.ReasoningTokenCount ?? earlier.ReasoningTokenCount,
        InputAudioTokenCount = later.InputAudioTokenCount ?? earlier.InputAudioTokenCount,
        InputTextTokenCount = later.InputTextTokenCount ?? earlier.InputTextTokenCount,
        OutputAudioTokenCount = later.OutputAudioTokenCount ?? earlier.OutputAudioTokenCount,
        OutputTextTokenCount = later.OutputTextTokenCount ?? earlier.OutputTextTokenCount,
        AdditionalCounts = Latest(earlier.AdditionalCounts, later.AdditionalCounts),
    };
#pragma warning restore MEAI001

    private static AdditionalPropertiesDictionary<long>? Latest(
        AdditionalPropertiesDictionary<long>? earlier, AdditionalPropertiesDictionary<long>? later)
    {
        if (earlier is null || later is null)
            return later ?? earlier;

        var latest = new AdditionalPropertiesDictionary<long>(earlier);
        foreach (var (name, count) in later)
            latest[name] = count;
        return latest;
    }
}
