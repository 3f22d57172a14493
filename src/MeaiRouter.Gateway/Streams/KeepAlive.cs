using Microsoft.AspNetCore.Http;

namespace MeaiRouter.Gateway.Streams;

/// <summary>
/// Writes a comment into streams that have been silent for a while, so that nobody on the way takes them for dead. One timer serves all streams and runs
/// only while one of them waits; a stream whose parts come quickly costs no more than a word in memory for each.
/// </summary>
/// <param name="interval">The least silence before a comment; the first comes at most half as much later. <see langword="null"/> for no comments.</param>
/// <param name="time">The clock.</param>
internal sealed class KeepAlive(TimeSpan? interval, TimeProvider time) : IDisposable
{
    // A stream notes the tick in whose course it began to wait: three ticks later it has waited for two whole ones.
    private const int TicksOfSilence = 3;

    private readonly Lock _lock = new();
    private readonly HashSet<QuietStream> _streams = [];
    private readonly List<QuietStream> _due = [];
    private ITimer? _timer;
    private TimeSpan _half = (interval ?? TimeSpan.Zero) / 2;
    private bool _isOff = interval is null;
    private bool _isRunning;
    private long _tick;

    /// <summary>The tick in whose course it is now.</summary>
    public long Tick => Volatile.Read(ref _tick);

    /// <summary>Watches over a stream; <see langword="null"/> where there are to be no comments.</summary>
    /// <param name="response">Where the stream goes. Its headers are sent with the first comment if they were not before.</param>
    /// <param name="sign">What is written into it: a comment, or an event that says nothing.</param>
    public QuietStream? Watch(HttpResponse response, ReadOnlyMemory<byte> sign) => Volatile.Read(ref _isOff) ? null : new QuietStream(this, response, sign);

    /// <summary>Sets another silence, which holds from the next tick on; <see langword="null"/> for no comments in streams that begin from now on.</summary>
    public void Change(TimeSpan? silence)
    {
        lock (_lock)
        {
            Volatile.Write(ref _isOff, silence is null);
            _half = silence / 2 ?? _half;
        }
    }

    public void Add(QuietStream stream)
    {
        lock (_lock)
        {
            _streams.Add(stream);
            if (_isRunning)
                return;
            _isRunning = true;
            _timer ??= time.CreateTimer(static self => ((KeepAlive)self!).Elapse(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
            _timer.Change(_half, Timeout.InfiniteTimeSpan);
        }
    }

    public void Remove(QuietStream stream)
    {
        lock (_lock)
            _streams.Remove(stream);
    }

    public void Dispose() => _timer?.Dispose();

    private void Elapse()
    {
        var now = Interlocked.Increment(ref _tick);
        lock (_lock)
        {
            foreach (var stream in _streams)
            {
                if (stream.WaitsSince <= now - TicksOfSilence)
                    _due.Add(stream);
            }
        }

        // Only one tick at a time: the timer is set again below.
        foreach (var stream in _due)
            stream.Comment();
        _due.Clear();

        lock (_lock)
        {
            _isRunning = _streams.Count > 0;
            if (_isRunning)
                _timer!.Change(_half, Timeout.InfiniteTimeSpan);
        }
    }
}
