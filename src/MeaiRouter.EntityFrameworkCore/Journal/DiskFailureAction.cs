namespace MeaiRouter.EntityFrameworkCore.Journal;

/// <summary>What becomes of a request whose record cannot be written, because the disk is full or fails.</summary>
public enum DiskFailureAction
{
    /// <summary>The request fails with a <see cref="LedgerWriteException"/>: nothing is answered that is not recorded.</summary>
    Refuse,

    /// <summary>The request is answered; the record is lost, counted and logged as an error.</summary>
    Continue,
}
