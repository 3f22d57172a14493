using Microsoft.AspNetCore.Http;

namespace MeaiRouter.Gateway.Streams;

/// <summary>
/// A stream of events that may have to wait for its next. Whoever writes it says when the wait begins and when it is over; only in between may a comment
/// be written for him.
/// </summary>
internal sealed class QuietStream : IAsyncDisposable
{
    private const int Busy = 0;
    private const int Waiting = 1;
    private const int Commenting = 2;

    private readonly KeepAlive _keepAlive;
    private readonly HttpResponse _response;
    private readonly ReadOnlyMemory<byte> _sign;
    private TaskCompletionSource? _commented;
    private long _waitsSince;
    private int _state;
    private bool _isWatched;

    public QuietStream(KeepAlive keepAlive, HttpResponse response, ReadOnlyMemory<byte> sign) => (_keepAlive, _response, _sign) = (keepAlive, response, sign);

    /// <summary>The tick in whose course the wait, or the one behind the last comment, began: the one before, where it began with a tick.</summary>
    public long WaitsSince => Volatile.Read(ref _waitsSince);

    /// <summary>From now on a comment may be written.</summary>
    public void BeginWait()
    {
        Volatile.Write(ref _waitsSince, _keepAlive.Tick);
        Volatile.Write(ref _state, Waiting);
        if (_isWatched)
            return;
        _isWatched = true;
        _keepAlive.Add(this);
    }

    /// <summary>From the end of this on no comment is written. Does nothing where no wait has begun.</summary>
    public ValueTask EndWaitAsync() =>
        Interlocked.CompareExchange(ref _state, Busy, Waiting) != Commenting ? ValueTask.CompletedTask : new ValueTask(AwaitCommentAsync());

    public async ValueTask DisposeAsync()
    {
        await EndWaitAsync();
        if (_isWatched)
            _keepAlive.Remove(this);
    }

    /// <summary>Writes a comment, if the stream still waits. Called by one thread at a time.</summary>
    public void Comment()
    {
        // The last comment may still be on its way to a slow reader, and whoever waits for its end must find it.
        if (Volatile.Read(ref _state) != Waiting)
            return;

        var commented = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        Volatile.Write(ref _commented, commented);
        if (Interlocked.CompareExchange(ref _state, Commenting, Waiting) == Waiting)
            _ = CommentAsync(commented, _keepAlive.Tick);
    }

    private async Task CommentAsync(TaskCompletionSource commented, long began)
    {
        try
        {
            EventStream.Begin(_response);
            await _response.BodyWriter.WriteAsync(_sign, _response.HttpContext.RequestAborted);
        }
        catch (Exception)
        {
            // The connection is gone, as whoever writes the stream finds out by himself.
        }
        finally
        {
            // Comments are written where a tick begins, not in its course: the next is due a whole interval later and no more.
            var tick = _keepAlive.Tick;
            Volatile.Write(ref _waitsSince, tick == began ? tick - 1 : tick);
            Volatile.Write(ref _state, Waiting);
            commented.SetResult();
        }
    }

    private async Task AwaitCommentAsync()
    {
        do
        {
            await Volatile.Read(ref _commented)!.Task;
        }
        while (Interlocked.CompareExchange(ref _state, Busy, Waiting) == Commenting);
    }
}
