namespace MeaiRouter.EntityFrameworkCore.Journal;

/// <summary>Another process, or another ledger of this one, has the journal open.</summary>
public sealed class JournalInUseException : IOException
{
    internal JournalInUseException(string directory, string owner, Exception innerException)
        : base(
            $"The journal '{directory}' is in use by {owner}. Two ledgers on one journal would overwrite each other: stop the other one, or give this one a directory of its own.",
            innerException)
    {
    }
}
