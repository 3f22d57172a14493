namespace MeaiRouter.Costs;

/// <summary>Keeps a record of every request that reached a provider.</summary>
public interface ILedger
{
    /// <summary>Adds a record. The end of the answer is delivered to the caller only after this has completed.</summary>
    /// <param name="record">The record.</param>
    /// <param name="cancellationToken">Never cancelled by a caller's own cancellation: what was spent is recorded.</param>
    ValueTask AppendAsync(GenerationRecord record, CancellationToken cancellationToken = default);
}
