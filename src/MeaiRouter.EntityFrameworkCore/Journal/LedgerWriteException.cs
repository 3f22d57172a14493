namespace MeaiRouter.EntityFrameworkCore.Journal;

/// <summary>A record could not be written to the journal, and the ledger was told to refuse what it cannot record.</summary>
public sealed class LedgerWriteException : IOException
{
    /// <summary>Creates an exception.</summary>
    /// <param name="message">What happened and the remedy.</param>
    /// <param name="innerException">What the operating system said.</param>
    public LedgerWriteException(string message, Exception? innerException = null)
        : base(message, innerException)
    {
    }
}
