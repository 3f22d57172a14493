namespace MeaiRouter.EntityFrameworkCore.Journal;

/// <summary>A record in the middle of the journal cannot be read. An unfinished record at its end is no corruption: it is cut off when the journal is opened.</summary>
public sealed class JournalCorruptException : IOException
{
    internal JournalCorruptException(string path, long offset, string reason)
        : base($"The journal is damaged: '{path}' at byte {offset}: {reason} Restore the file, or move it away to give up the records in it from there on.")
    {
    }
}
