namespace MeaiRouter.Costs;

/// <summary>Tells of a record that the ledger did not take.</summary>
/// <param name="record">The record.</param>
/// <param name="exception">Why.</param>
public sealed class LedgerFailedEventArgs(GenerationRecord record, Exception exception) : EventArgs
{
    /// <summary>The record that is missing in the ledger.</summary>
    public GenerationRecord Record { get; } = record;

    /// <summary>What the ledger threw.</summary>
    public Exception Exception { get; } = exception;
}
