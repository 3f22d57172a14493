namespace MeaiRouter.Costs;

/// <summary>Tells of an attempt whose provider reports another cost than its price makes.</summary>
/// <param name="record">The request.</param>
/// <param name="attempt">The attempt.</param>
public sealed class CostDriftedEventArgs(GenerationRecord record, AttemptRecord attempt) : EventArgs
{
    /// <summary>The request.</summary>
    public GenerationRecord Record { get; } = record;

    /// <summary>The attempt, with the cost computed, the cost reported and the version of the price.</summary>
    public AttemptRecord Attempt { get; } = attempt;
}
