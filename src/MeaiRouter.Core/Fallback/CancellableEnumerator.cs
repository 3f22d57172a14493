using System.Runtime.CompilerServices;
using System.Threading.Tasks.Sources;

namespace MeaiRouter.Fallback;

/// <summary>
/// An enumerator whose reader stops waiting once it is cancelled, also where the one inside ignores that; the one inside is then disposed
/// whenever it lets go. Waiting allocates nothing.
/// </summary>
internal sealed class CancellableEnumerator<T> : IAsyncEnumerator<T>, IValueTaskSource<bool>
{
    private const int Idle = 0;
    private const int Waiting = 1;
    private const int Abandoned = 2;

    private readonly IAsyncEnumerator<T> _inner;
    private readonly CancellationToken _cancellation;
    private readonly Action _moved;
    private CancellationTokenRegistration _registration;
    private ConfiguredValueTaskAwaitable<bool>.ConfiguredValueTaskAwaiter _awaiter;
    private ManualResetValueTaskSourceCore<bool> _reader;
    private bool _isRegistered;
    private int _state;

    public CancellableEnumerator(IAsyncEnumerator<T> inner, CancellationToken cancellation)
    {
        _inner = inner;
        _cancellation = cancellation;
        _moved = OnMoved;
    }

    public T Current => _inner.Current;

    public ValueTask<bool> MoveNextAsync()
    {
        var next = _inner.MoveNextAsync();
        if (next.IsCompleted)
            return next;

        _reader.Reset();
        _awaiter = next.ConfigureAwait(false).GetAwaiter();
        Volatile.Write(ref _state, Waiting);
        if (!_isRegistered)
        {
            _isRegistered = true;
            _registration = _cancellation.UnsafeRegister(static self => ((CancellableEnumerator<T>)self!).OnCancelled(), this);
        }
        else if (_cancellation.IsCancellationRequested)
        {
            OnCancelled();
        }

        var version = _reader.Version;
        _awaiter.UnsafeOnCompleted(_moved);
        return new ValueTask<bool>(this, version);
    }

    public ValueTask DisposeAsync()
    {
        _registration.Dispose();
        return Volatile.Read(ref _state) == Abandoned ? ValueTask.CompletedTask : _inner.DisposeAsync();
    }

    bool IValueTaskSource<bool>.GetResult(short token) => _reader.GetResult(token);

    ValueTaskSourceStatus IValueTaskSource<bool>.GetStatus(short token) => _reader.GetStatus(token);

    void IValueTaskSource<bool>.OnCompleted(
        Action<object?> continuation, object? state, short token, ValueTaskSourceOnCompletedFlags flags) =>
        _reader.OnCompleted(continuation, state, token, flags);

    private void OnMoved()
    {
        if (Interlocked.CompareExchange(ref _state, Idle, Waiting) != Waiting)
        {
            _ = CloseAsync();
            return;
        }

        bool result;
        try
        {
            result = _awaiter.GetResult();
        }
        catch (Exception exception)
        {
            _reader.SetException(exception);
            return;
        }

        _reader.SetResult(result);
    }

    private void OnCancelled()
    {
        if (Interlocked.CompareExchange(ref _state, Abandoned, Waiting) != Waiting)
            return;

        // Whoever cancels must not find himself running what the reader does next.
        _reader.RunContinuationsAsynchronously = true;
        _reader.SetException(new OperationCanceledException(_cancellation));
    }

    private async Task CloseAsync()
    {
        try
        {
            _awaiter.GetResult();
        }
        catch (Exception)
        {
            // Nobody waits for it any more.
        }

        try
        {
            await _inner.DisposeAsync().ConfigureAwait(false);
        }
        catch (Exception)
        {
            // Nor for this.
        }
    }
}
