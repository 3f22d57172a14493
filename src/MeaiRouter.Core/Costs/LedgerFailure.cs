namespace MeaiRouter.Costs;

/// <summary>What becomes of an answer that the ledger cannot record.</summary>
public enum LedgerFailure
{
    /// <summary>The caller gets a <see cref="Attempts.RouterException"/> instead: nothing is delivered that was not charged.</summary>
    Refuse,

    /// <summary>The caller gets his answer; only the event and a note in the trace tell that its charge is missing in the ledger.</summary>
    Deliver,
}
