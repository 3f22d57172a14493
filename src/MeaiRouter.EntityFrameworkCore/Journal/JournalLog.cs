using MeaiRouter.EntityFrameworkCore.Logging;
using Microsoft.Extensions.Logging;

namespace MeaiRouter.EntityFrameworkCore.Journal;

internal static partial class JournalLog
{
    [LoggerMessage(EventIds.JournalCut, LogLevel.Warning, "Cut {Bytes} bytes of an unfinished record off the journal: {Place}. Nobody was told that it was written.")]
    public static partial void Cut(ILogger logger, long bytes, string place);

    [LoggerMessage(EventIds.JournalUnwritable, LogLevel.Error, "The journal {Directory} cannot be written; requests are answered by the rule {Action}.")]
    public static partial void WriteFailed(ILogger logger, Exception exception, string directory, DiskFailureAction action);

    [LoggerMessage(EventIds.JournalWritable, LogLevel.Warning, "The journal {Directory} can be written again; {Lost} records were lost since it was opened.")]
    public static partial void WriteRecovered(ILogger logger, string directory, long lost);

    [LoggerMessage(EventIds.JournalUnflushed, LogLevel.Error, "The journal {Directory} cannot be flushed to the device; what is not flushed survives the process, but no loss of power.")]
    public static partial void FlushFailed(ILogger logger, Exception exception, string directory);
}
