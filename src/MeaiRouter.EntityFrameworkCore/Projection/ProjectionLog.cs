using MeaiRouter.EntityFrameworkCore.Logging;
using Microsoft.Extensions.Logging;

namespace MeaiRouter.EntityFrameworkCore.Projection;

internal static partial class ProjectionLog
{
    [LoggerMessage(EventIds.DatabaseFailed, LogLevel.Error, "Records cannot be taken over to the ledger's database. The journal keeps them; it is tried again until it works.")]
    public static partial void Failed(ILogger logger, Exception exception);

    [LoggerMessage(EventIds.DatabaseRecovered, LogLevel.Information, "Records are taken over to the ledger's database again; {Records} are waiting.")]
    public static partial void Recovered(ILogger logger, long records);

    [LoggerMessage(EventIds.RecordUnreadable, LogLevel.Error, "Record {Sequence} of the journal {Journal} cannot be taken over and stands in the table unreadable_records: {Error}")]
    public static partial void Unreadable(ILogger logger, string journal, long sequence, string error);

    [LoggerMessage(EventIds.PositionLost, LogLevel.Error, "The database has this journal up to record {Position}, but the journal goes from {Start} to {End}: one of the two was restored or deleted. Taking over all that is there.")]
    public static partial void PositionLost(ILogger logger, long position, long start, long end);

    [LoggerMessage(EventIds.RetentionFailed, LogLevel.Warning, "Old records of the ledger cannot be deleted now; it is tried again later.")]
    public static partial void RetentionFailed(ILogger logger, Exception exception);
}
