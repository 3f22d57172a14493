namespace MeaiRouter.EntityFrameworkCore.Logging;

/// <summary>The ids of what this package logs: 2000 to 2999. An id means one thing in the whole house, and is never used for another.</summary>
internal static class EventIds
{
    public const int JournalCut = 2001;
    public const int JournalUnwritable = 2002;
    public const int JournalWritable = 2003;
    public const int JournalUnflushed = 2004;

    public const int DatabaseFailed = 2011;
    public const int DatabaseRecovered = 2012;
    public const int RecordUnreadable = 2013;
    public const int PositionLost = 2014;
    public const int RetentionFailed = 2015;
}
