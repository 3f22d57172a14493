using System.Data.Common;
using MeaiRouter.EntityFrameworkCore.Databases;
using MeaiRouter.EntityFrameworkCore.Journal;
using MeaiRouter.EntityFrameworkCore.Schema;
using Microsoft.Extensions.Logging;

namespace MeaiRouter.EntityFrameworkCore.Projection;

/// <summary>Takes the records of a journal over to a database, each exactly once, as long as it runs.</summary>
/// <remarks>
/// Exactly once, because a batch and the position behind it are one transaction, and a record whose id is there already is passed by. Only what
/// is flushed is taken over: after a loss of power the database must not be ahead of the journal. While the database is down the journal grows on
/// disk; in memory there is one batch.
/// </remarks>
internal sealed class LedgerProjector(LedgerJournal journal, LedgerDatabase database, LedgerOptions options, TimeProvider time, ILogger logger)
{
    private static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(15);

    private readonly Lock _lock = new();
    private JournalPosition _projected = journal.Start;
    private JournalPosition? _stored;
    private TaskCompletionSource _progress = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private TaskCompletionSource _hurry = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private bool _isReady;
    private string? _error;

    public JournalPosition Projected
    {
        get
        {
            lock (_lock)
                return _projected;
        }
    }

    private Task Hurry
    {
        get
        {
            lock (_lock)
                return _hurry.Task;
        }
    }

    public LedgerLag Lag
    {
        get
        {
            var (projected, end) = (Projected, journal.End);
            if (projected.Sequence >= end.Sequence)
                return new LedgerLag(0, 0, TimeSpan.Zero, _error);

            using var reader = new JournalReader(journal.Segments, projected);
            try
            {
                var age = time.GetUtcNow() - reader.NextWrittenAt();
                return new LedgerLag(end.Sequence - projected.Sequence, journal.Segments.BytesFrom(projected), age, _error);
            }
            catch (IOException exception)
            {
                return new LedgerLag(end.Sequence - projected.Sequence, journal.Segments.BytesFrom(projected), TimeSpan.Zero, _error ?? exception.Message);
            }
        }
    }

    public async Task RunAsync(CancellationToken cancellationToken)
    {
        var pause = FirstPause;
        try
        {
            while (true)
            {
                var before = Projected;
                try
                {
                    await FollowAsync(cancellationToken).ConfigureAwait(false);
                }
                catch (Exception exception) when (!cancellationToken.IsCancellationRequested)
                {
                    Failed(exception);
                    pause = Projected == before ? Shorter(pause * 2, LongestPause) : FirstPause;
                    await Task.Delay(pause, time, cancellationToken).ConfigureAwait(false);
                }
            }
        }
        catch (Exception) when (cancellationToken.IsCancellationRequested)
        {
            // Stopped. What a transaction had not committed is taken over the next time.
        }
    }

    /// <summary>Completes when everything that has been written until now is in the database.</summary>
    public async Task CatchUpAsync(CancellationToken cancellationToken)
    {
        journal.Flush();
        var target = journal.End.Sequence;
        while (true)
        {
            Task progress;
            lock (_lock)
            {
                if (_isReady && _projected.Sequence >= target)
                    return;
                progress = _progress.Task;
                _hurry.TrySetResult();
            }

            await progress.WaitAsync(cancellationToken).ConfigureAwait(false);
        }
    }

    private async Task FollowAsync(CancellationToken cancellationToken)
    {
        await database.MigrateAsync(cancellationToken).ConfigureAwait(false);

        // Asked again after every failure: a commit whose confirmation got lost has happened or not, and only the database knows.
        _stored = await database.PositionAsync(journal.Id, cancellationToken).ConfigureAwait(false);
        using var reader = new JournalReader(journal.Segments, Resume(_stored));
        Progressed(reader.Position, hasProved: reader.Position.Sequence >= journal.Flushed.Sequence);

        while (true)
        {
            var next = journal.NextFlush;
            var until = journal.Flushed;
            if (reader.Position.Sequence < until.Sequence)
            {
                await ProjectAsync(Read(reader, until), cancellationToken).ConfigureAwait(false);
                Progressed(reader.Position, hasProved: true);
                journal.Release(reader.Position);
                if (until.Sequence - reader.Position.Sequence >= options.BatchSize)
                    continue;
            }
            else
            {
                await next.WaitAsync(cancellationToken).ConfigureAwait(false);
            }

            // A moment for more to come together: a batch costs a flush of the database.
            await PauseAsync(options.ProjectionInterval, Hurry, cancellationToken).ConfigureAwait(false);
        }
    }

    private JournalPosition Resume(JournalPosition? stored)
    {
        if (stored is not { } position)
            return journal.Start;
        if (journal.Segments.Find(position) is { } found)
            return found;

        // One of the two was restored from a backup. What is there twice is recognized by its id.
        ProjectionLog.PositionLost(logger, position.Sequence, journal.Start.Sequence, journal.End.Sequence);
        return journal.Start;
    }

    private ProjectionBatch Read(JournalReader reader, JournalPosition until)
    {
        var records = new List<ProjectedRecord>(options.BatchSize);
        while (records.Count < options.BatchSize && reader.TryRead(until, out var payload))
            records.Add(ProjectedRecord.Read(reader.Position.Sequence - 1, payload.Span));
        return new ProjectionBatch(journal.Id, _stored, reader.Position, records);
    }

    private async Task ProjectAsync(ProjectionBatch batch, CancellationToken cancellationToken)
    {
        try
        {
            await database.ProjectAsync(batch, cancellationToken).ConfigureAwait(false);
        }
        catch (DbException exception) when (database.RefusesData(exception))
        {
            batch = batch with { Records = await WithoutRefusedAsync(batch.Records, exception, cancellationToken).ConfigureAwait(false) };
            await database.ProjectAsync(batch, cancellationToken).ConfigureAwait(false);
        }

        _stored = batch.To;
        foreach (var record in batch.Unreadable)
            ProjectionLog.Unreadable(logger, journal.Id, record.Sequence, record.Error!);
    }

    // Halves until the culprits are found: one record the database does not take must not hold up all that come after it.
    private async Task<IReadOnlyList<ProjectedRecord>> WithoutRefusedAsync(
        IReadOnlyList<ProjectedRecord> records, DbException refusal, CancellationToken cancellationToken)
    {
        if (records.Count == 1)
            return [records[0].Refused(refusal.Message)];

        var half = records.Count / 2;
        var result = new List<ProjectedRecord>(records.Count);
        foreach (IReadOnlyList<ProjectedRecord> part in (IReadOnlyList<ProjectedRecord>[])[[.. records.Take(half)], [.. records.Skip(half)]])
        {
            try
            {
                await database.TryAsync(new ProjectionBatch(journal.Id, _stored, default, part), cancellationToken).ConfigureAwait(false);
                result.AddRange(part);
            }
            catch (DbException exception) when (database.RefusesData(exception))
            {
                result.AddRange(await WithoutRefusedAsync(part, exception, cancellationToken).ConfigureAwait(false));
            }
        }

        return result;
    }

    // A database that answers may still refuse to be written to: only a batch, or that there is none, proves that it works again.
    private void Progressed(JournalPosition position, bool hasProved)
    {
        if (hasProved && _error is not null)
        {
            _error = null;
            ProjectionLog.Recovered(logger, journal.End.Sequence - position.Sequence);
        }

        TaskCompletionSource progress;
        lock (_lock)
        {
            _projected = position;
            _isReady = true;
            (progress, _progress) = (_progress, new(TaskCreationOptions.RunContinuationsAsynchronously));
            if (position.Sequence >= journal.End.Sequence && _hurry.Task.IsCompleted)
                _hurry = new(TaskCreationOptions.RunContinuationsAsynchronously);
        }

        progress.TrySetResult();
    }

    private void Failed(Exception exception)
    {
        // Logged when it begins and when it ends; in between the lag tells.
        if (_error is null)
            ProjectionLog.Failed(logger, exception);
        _error = exception.Message;
    }

    private async Task PauseAsync(TimeSpan length, Task wake, CancellationToken cancellationToken)
    {
        using var timer = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        await Task.WhenAny(Task.Delay(length, time, timer.Token), wake).ConfigureAwait(false);
        await timer.CancelAsync().ConfigureAwait(false);
        cancellationToken.ThrowIfCancellationRequested();
    }

    private static TimeSpan Shorter(TimeSpan one, TimeSpan other) => one < other ? one : other;
}
