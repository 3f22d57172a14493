using Microsoft.Extensions.Logging;

namespace MeaiRouter.EntityFrameworkCore.Journal;

/// <summary>What becomes of records that the disk does not take: they are refused, or counted as lost.</summary>
/// <param name="options">Which of both.</param>
/// <param name="logger">Told when it begins and when it ends: a full disk is not made better by a log that fills it.</param>
internal sealed class DiskFailures(JournalOptions options, ILogger logger)
{
    private volatile bool _isFailing;
    private long _lost;

    /// <summary>Records that could not be written.</summary>
    public long Lost => Interlocked.Read(ref _lost);

    /// <summary>Whether the last record could not be written.</summary>
    public bool IsFailing => _isFailing;

    /// <summary>Takes note of a write that failed. Called by the one who writes.</summary>
    /// <exception cref="LedgerWriteException">The options are to refuse.</exception>
    public void Fails(int records, Exception exception)
    {
        if (!_isFailing)
            JournalLog.WriteFailed(logger, exception, options.Directory, options.OnDiskFailure);
        _isFailing = true;

        if (options.OnDiskFailure == DiskFailureAction.Refuse)
            throw new LedgerWriteException($"The journal '{options.Directory}' cannot be written ({exception.Message}). Make room on the disk, or set OnDiskFailure to Continue to answer without a record.", exception);
        Interlocked.Add(ref _lost, records);
    }

    /// <summary>Takes note of a write that succeeded. Called by the one who writes.</summary>
    public void Works()
    {
        if (!_isFailing)
            return;
        _isFailing = false;
        JournalLog.WriteRecovered(logger, options.Directory, Lost);
    }
}
