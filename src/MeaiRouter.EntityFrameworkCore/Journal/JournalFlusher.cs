using Microsoft.Extensions.Logging;

namespace MeaiRouter.EntityFrameworkCore.Journal;

/// <summary>Flushes a journal to the device in groups, and tells who waits for that.</summary>
internal sealed class JournalFlusher : IAsyncDisposable
{
    private readonly JournalSegments _segments;
    private readonly JournalOptions _options;
    private readonly ILogger _logger;
    private readonly ITimer? _timer;
    private readonly Lock _lock = new();
    private TaskCompletionSource _next = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private bool _isDue;
    private bool _isClosed;

    public JournalFlusher(JournalSegments segments, JournalOptions options, TimeProvider time, ILogger logger)
    {
        _segments = segments;
        _options = options;
        _logger = logger;
        if (options.FlushInterval > TimeSpan.Zero)
            _timer = time.CreateTimer(static flusher => ((JournalFlusher)flusher!).Due(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    /// <summary>Whether records are flushed as they are written, so that nothing is left to be flushed later.</summary>
    public bool IsAtOnce => _timer is null;

    /// <summary>Completes when more has been flushed than at the time of the call.</summary>
    public Task Next
    {
        get
        {
            lock (_lock)
                return _next.Task;
        }
    }

    /// <summary>Something has been written.</summary>
    public void Written()
    {
        if (IsAtOnce)
            Signal();
        else
            Schedule();
    }

    /// <exception cref="IOException">The device fails.</exception>
    public void Flush()
    {
        _segments.Flush();
        Signal();
    }

    public async ValueTask DisposeAsync()
    {
        lock (_lock)
            _isClosed = true;
        if (_timer is not null)
            await _timer.DisposeAsync().ConfigureAwait(false);
        TryFlush();
    }

    private void Schedule()
    {
        lock (_lock)
        {
            if (_isDue || _isClosed)
                return;
            _isDue = true;
        }

        _timer!.Change(_options.FlushInterval, Timeout.InfiniteTimeSpan);
    }

    private void Due()
    {
        lock (_lock)
        {
            if (_isClosed)
                return;
            _isDue = false;
        }

        if (!TryFlush())
            Schedule();
    }

    private bool TryFlush()
    {
        try
        {
            Flush();
            return true;
        }
        catch (IOException exception)
        {
            JournalLog.FlushFailed(_logger, exception, _options.Directory);
            return false;
        }
    }

    private void Signal()
    {
        TaskCompletionSource flushed;
        lock (_lock)
            (flushed, _next) = (_next, new(TaskCreationOptions.RunContinuationsAsynchronously));
        flushed.TrySetResult();
    }
}
