namespace MeaiRouter.Costs;

/// <summary>Tells of a request that was charged.</summary>
/// <param name="record">What the ledger keeps of it.</param>
public sealed class ChargedEventArgs(GenerationRecord record) : EventArgs
{
    /// <summary>What the ledger keeps of the request.</summary>
    public GenerationRecord Record { get; } = record;
}
