using System.Buffers;
using MeaiRouter.Costs;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace MeaiRouter.EntityFrameworkCore.Journal;

/// <summary>
/// An append-only journal of records on local disk. A record whose append has completed survives the death of the process; one that has been
/// flushed survives loss of power.
/// </summary>
/// <remarks>
/// Memory is bounded by the appends under way. A record that was being written when the process died was acknowledged to nobody; what there is
/// of it is cut off when the journal is opened, and <see cref="BytesCut"/> says so.
/// </remarks>
public sealed class LedgerJournal : IAsyncDisposable
{
    private const int GroupBytes = 1 << 20;

    private readonly JournalOptions _options;
    private readonly JournalLock _ownership;
    private readonly JournalSegments _segments;
    private readonly TimeProvider _time;
    private readonly JournalFlusher _flusher;
    private readonly DiskFailures _disk;
    private readonly Lock _lock = new();
    private Queue<PendingAppend> _waiting = new();
    private TaskCompletionSource? _idle;
    private bool _isWriting;
    private bool _isClosed;

    private LedgerJournal(JournalOptions options, JournalFiles files, TimeProvider time, ILogger logger, JournalLock ownership)
    {
        _options = options;
        _time = time;
        _ownership = ownership;
        Id = ReadOrCreateId(options.Directory);
        _segments = new JournalSegments(options, files);
        _flusher = new JournalFlusher(_segments, options, time, logger);
        _disk = new DiskFailures(options, logger);
        if (BytesCut > 0)
            JournalLog.Cut(logger, BytesCut, _segments.CutAt);
    }

    /// <summary>What tells this journal from others that are projected to the same database; it is made when the journal is.</summary>
    public string Id { get; }

    /// <summary>The first record that is still there.</summary>
    public JournalPosition Start => _segments.Start;

    /// <summary>The end: behind the last record written.</summary>
    public JournalPosition End => _segments.End;

    /// <summary>Behind the last record that has been flushed to the device.</summary>
    public JournalPosition Flushed => _segments.Flushed;

    /// <summary>Bytes of an unfinished record that were cut off when the journal was opened.</summary>
    public long BytesCut => _segments.BytesCut;

    /// <summary>Records that could not be written since the journal was opened; always 0 with <see cref="DiskFailureAction.Refuse"/>.</summary>
    public long Lost => _disk.Lost;

    /// <summary>Whether the last record could not be written.</summary>
    public bool IsFailing => _disk.IsFailing;

    internal JournalOptions Options => _options;

    internal JournalSegments Segments => _segments;

    /// <summary>Completes when more has been flushed than at the time of the call.</summary>
    internal Task NextFlush => _flusher.Next;

    /// <summary>Opens a journal, or creates it.</summary>
    /// <param name="options">Where and how it is kept.</param>
    /// <param name="timeProvider">The clock; <see langword="null"/> for the system's.</param>
    /// <param name="logger">The logger; <see langword="null"/> for none.</param>
    /// <exception cref="JournalInUseException">Another process has it open.</exception>
    /// <exception cref="JournalCorruptException">The newest file is none of a journal.</exception>
    public static LedgerJournal Open(JournalOptions options, TimeProvider? timeProvider = null, ILogger<LedgerJournal>? logger = null) =>
        Open(options, JournalFiles.System, timeProvider, logger);

    /// <summary>Writes a record. Once this has completed, the record survives the death of the process.</summary>
    /// <param name="record">The record.</param>
    /// <param name="cancellationToken">Looked at before the record is written; a write that has begun is not given up.</param>
    /// <exception cref="LedgerWriteException">The record could not be written, and <see cref="JournalOptions.OnDiskFailure"/> is to refuse. The journal is as before.</exception>
    public ValueTask AppendAsync(GenerationRecord record, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(record);
        cancellationToken.ThrowIfCancellationRequested();

        var buffer = RecordBuffer.Of(record);
        lock (_lock)
        {
            ObjectDisposedException.ThrowIf(_isClosed, this);

            // Who waits for the device, or for another writer, waits without a thread.
            if (_isWriting || _flusher.IsAtOnce)
                return new ValueTask(Enqueue(buffer));
            _isWriting = true;
        }

        // Nobody is writing: one system call, without a task or a change of threads.
        try
        {
            Write([buffer]);
        }
        finally
        {
            buffer.Return();
            Release();
        }

        return ValueTask.CompletedTask;
    }

    /// <summary>Flushes every record whose append has completed to the device.</summary>
    /// <exception cref="IOException">The device fails.</exception>
    public void Flush() => _flusher.Flush();

    /// <summary>Deletes what lies before a position, in whole files.</summary>
    internal void Release(JournalPosition projected) => _segments.Delete(projected, _time.GetUtcNow() - _options.KeepProjected);

    /// <summary>Completes the appends under way, flushes and closes.</summary>
    public async ValueTask DisposeAsync()
    {
        Task idle;
        lock (_lock)
        {
            if (_isClosed)
                return;
            _isClosed = true;
            idle = _isWriting ? (_idle = new(TaskCreationOptions.RunContinuationsAsynchronously)).Task : Task.CompletedTask;
        }

        await idle.ConfigureAwait(false);
        await _flusher.DisposeAsync().ConfigureAwait(false);
        _segments.Dispose();
        _ownership.Dispose();
    }

    internal static LedgerJournal Open(JournalOptions options, JournalFiles files, TimeProvider? timeProvider = null, ILogger<LedgerJournal>? logger = null)
    {
        ArgumentNullException.ThrowIfNull(options);
        options.Validate();
        options = options with { Directory = Path.GetFullPath(options.Directory) };
        Directory.CreateDirectory(options.Directory);

        var ownership = JournalLock.Take(options.Directory);
        try
        {
            return new LedgerJournal(options, files, timeProvider ?? TimeProvider.System, logger ?? NullLogger<LedgerJournal>.Instance, ownership);
        }
        catch
        {
            ownership.Dispose();
            throw;
        }
    }

    private static string ReadOrCreateId(string directory)
    {
        var path = Path.Combine(directory, "id");
        if (File.Exists(path))
            return File.ReadAllText(path);

        // Renamed into place, so that there is never half an id.
        var id = Guid.NewGuid().ToString("N");
        File.WriteAllText(path + ".new", id);
        File.Move(path + ".new", path);
        return id;
    }

    private Task Enqueue(RecordBuffer buffer)
    {
        var append = new PendingAppend(buffer);
        _waiting.Enqueue(append);
        if (!_isWriting)
        {
            _isWriting = true;
            ThreadPool.UnsafeQueueUserWorkItem(static journal => journal.WriteWaiting(), this, preferLocal: false);
        }

        return append.Task;
    }

    private void WriteWaiting()
    {
        var group = new List<PendingAppend>();
        var spare = new Queue<PendingAppend>();
        while (true)
        {
            lock (_lock)
            {
                if (_waiting.Count == 0)
                    break;
                (_waiting, spare) = (spare, _waiting);
            }

            while (spare.Count > 0)
            {
                group.Clear();
                for (var bytes = 0; bytes < GroupBytes && spare.TryDequeue(out var append); bytes += append.Buffer.Bytes.Length)
                    group.Add(append);
                WriteGroup(group);
            }
        }

        Release();
    }

    private void WriteGroup(List<PendingAppend> group)
    {
        Exception? failure = null;
        try
        {
            Write([.. group.Select(append => append.Buffer)]);
        }
        catch (Exception exception)
        {
            failure = exception;
        }

        foreach (var append in group)
        {
            append.Buffer.Return();
            if (failure is null)
                append.SetResult();
            else
                append.SetException(failure);
        }
    }

    private void Write(ReadOnlySpan<RecordBuffer> records)
    {
        var sequence = _segments.End.Sequence;
        var now = _time.GetUtcNow().ToUnixTimeMilliseconds();
        var size = 0;
        foreach (var record in records)
        {
            JournalFormat.WriteRecordHeader(record.Bytes, sequence++, now);
            size += record.Bytes.Length;
        }

        try
        {
            if (records.Length == 1)
                _segments.Write(records[0].Bytes, 1);
            else
                WriteTogether(records, size);
            _disk.Works();
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            _disk.Fails(records.Length, exception);
        }

        _flusher.Written();
    }

    private void WriteTogether(ReadOnlySpan<RecordBuffer> records, int size)
    {
        var together = ArrayPool<byte>.Shared.Rent(size);
        try
        {
            var written = 0;
            foreach (var record in records)
            {
                record.Bytes.CopyTo(together.AsSpan(written));
                written += record.Bytes.Length;
            }

            _segments.Write(together.AsSpan(0, size), records.Length);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(together);
        }
    }

    private void Release()
    {
        lock (_lock)
        {
            _isWriting = _waiting.Count > 0;
            if (_isWriting)
                ThreadPool.UnsafeQueueUserWorkItem(static journal => journal.WriteWaiting(), this, preferLocal: false);
            else
                _idle?.TrySetResult();
        }
    }

    private sealed class PendingAppend(RecordBuffer buffer) : TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously)
    {
        public RecordBuffer Buffer => buffer;
    }
}
