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
            _usage = next;
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
}
