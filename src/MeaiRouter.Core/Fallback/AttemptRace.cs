using MeaiRouter.Attempts;
using MeaiRouter.Routing;
using Microsoft.Extensions.AI;

namespace MeaiRouter.Fallback;

/// <summary>
/// Opens answers one after the other until one is worth having: the next begins when one fails, or beside it when it shows nothing
/// before its soft deadline. The same race for streams, which are won by the first content, and for whole answers.
/// </summary>
internal sealed class AttemptRace<T> : IDisposable
    where T : class
{
    private const string DeadlineMessage = "The deadline of the whole request passed.";

    private readonly Func<IChatClient, RouteAttempt, CancellationToken, Task<T>> _open;
    private readonly string _primaryName;
    private readonly TimeSpan _softDeadline;
    private readonly TimeProvider _time;
    private readonly CancellationToken _caller;
    private readonly CancellationTokenSource _request;
    private readonly CancellationTokenRegistration _registration;
    private readonly List<Entrant<T>> _running = new(1);
    private readonly RouteContext _context;
    private Alternatives _alternatives;
    private RouterException? _verdict;

    public AttemptRace(
        RouteContext context, Alternatives alternatives, string primaryName, Func<IChatClient, RouteAttempt, CancellationToken, Task<T>> open,
        TimeSpan softDeadline, TimeSpan total, TimeProvider time, CancellationToken caller)
    {
        _context = context;
        _alternatives = alternatives;
        _primaryName = primaryName;
        _open = open;
        _softDeadline = softDeadline;
        _time = time;
        _caller = caller;
        _request = new CancellationTokenSource(total, time);
        _registration = caller.UnsafeRegister(static state => ((CancellationTokenSource)state!).Cancel(), _request);
    }

    /// <summary>Whether the deadline of the whole request has passed, rather than the caller having cancelled.</summary>
    public bool DeadlinePassed => _request.IsCancellationRequested && !_caller.IsCancellationRequested;

    /// <summary>Runs until one attempt has succeeded; the others are then cancelled.</summary>
    /// <exception cref="RouterException">No attempt succeeded, or one failed in a way that no other endpoint could mend.</exception>
    /// <exception cref="OperationCanceledException">The caller cancelled.</exception>
    public async Task<Entrant<T>> RunAsync()
    {
        try
        {
            while (true)
            {
                if (_running.TrueForAll(static entrant => entrant.IsLate) && _alternatives.HasNext)
                    Start();

                var entrant = await NextDoneAsync().ConfigureAwait(false);
                if (entrant is null)
                {
                    _running[^1].IsLate = true;
                    continue;
                }

                try
                {
                    await entrant.Task.ConfigureAwait(false);
                    _running.Remove(entrant);
                    return entrant;
                }
                catch (Exception exception) when (!_request.IsCancellationRequested)
                {
                    Retire(entrant, exception);
                }
            }
        }
        catch (Exception) when (_caller.IsCancellationRequested)
        {
            throw new OperationCanceledException(_caller);
        }
        catch (Exception) when (_request.IsCancellationRequested)
        {
            Release();
            throw RequestFailure.From(FailureKind.DeadlineExceeded, DeadlineMessage, _context.Attempts);
        }
        finally
        {
            Release();
        }
    }

    public void Dispose()
    {
        _registration.Dispose();
        _request.Dispose();
    }

    private void Start()
    {
        _request.Token.ThrowIfCancellationRequested();
        var (client, attempt) = _alternatives.Begin(_primaryName, _time);
        var entrant = new Entrant<T>(attempt, _time.GetTimestamp(), _request.Token);
        _running.Add(entrant);
        entrant.Task = _open(client, attempt, entrant.Cancellation.Token);
    }

    /// <summary>Waits for an entrant to finish; <see langword="null"/> when the soft deadline of the newest passes and another may begin.</summary>
    private async ValueTask<Entrant<T>?> NextDoneAsync()
    {
        if (Done() is { } already)
            return already;

        var any = _running.Count == 1 ? _running[0].Task : (Task)Task.WhenAny(_running.Select(entrant => entrant.Task));
        var hedge = !_running[^1].IsLate && _softDeadline != Timeout.InfiniteTimeSpan && _alternatives.HasNext;
        try
        {
            await any.WaitAsync(hedge ? LeftOf(_running[^1]) : Timeout.InfiniteTimeSpan, _time, _request.Token).ConfigureAwait(false);
        }
        catch (Exception) when (any.IsCompleted)
        {
            // The entrant's own failure; whoever takes its result will see it.
        }
        catch (TimeoutException)
        {
            return Done();
        }

        return Done();
    }

    private TimeSpan LeftOf(Entrant<T> entrant)
    {
        var left = _softDeadline - _time.GetElapsedTime(entrant.Started);
        return left > TimeSpan.Zero ? left : TimeSpan.Zero;
    }

    private Entrant<T>? Done()
    {
        foreach (var entrant in _running)
        {
            if (entrant.Task.IsCompleted)
                return entrant;
        }

        return null;
    }

    /// <summary>Takes a failed entrant out, and throws if nothing can follow it.</summary>
    private void Retire(Entrant<T> entrant, Exception exception)
    {
        _running.Remove(entrant);
        entrant.Attempt.Fail(exception, CancellationToken.None);
        entrant.Cancellation.Dispose();

        var failure = entrant.Attempt.Failure!;
        if (failure.BudgetRefusal is not null)
            _alternatives.Uncount();
        switch (failure.Kind.Consequences().Elsewhere)
        {
            case RetryElsewhere.Never:
                // Nobody else is asked, but one who is already answering may finish.
                _alternatives.Close();
                _verdict = failure;
                break;
            case RetryElsewhere.LargerContext:
                _alternatives.RequireContextAbove(entrant.Attempt.Endpoint?.ContextLength ?? entrant.Attempt.Model?.ContextLength ?? 0);
                break;
        }

        if (_running.Count > 0 || _alternatives.HasNext)
            return;
        throw _verdict is { } verdict
            ? RequestFailure.From(verdict.Kind, verdict.Message, _context.Attempts)
            : RequestFailure.From(_context.Attempts);
    }

    /// <summary>Cancels the entrants still running and sees to it that what they may yet open is closed.</summary>
    private void Release()
    {
        foreach (var loser in _running)
        {
            if (_caller.IsCancellationRequested)
                loser.Attempt.End(AttemptOutcome.Cancelled);
            else if (_request.IsCancellationRequested)
                loser.Attempt.End(AttemptOutcome.Failed, Late(loser.Attempt, FailureKind.DeadlineExceeded, DeadlineMessage));
            else if (loser.IsLate)
                loser.Attempt.End(AttemptOutcome.Failed, Late(loser.Attempt, FailureKind.Timeout, $"No content within {_softDeadline.TotalSeconds:0.###} s."));
            else
                loser.Attempt.End(AttemptOutcome.Superseded);

            loser.Cancellation.Cancel();
            _ = CloseAsync(loser);
        }

        _running.Clear();
    }

    private static async Task CloseAsync(Entrant<T> loser)
    {
        try
        {
            if (await loser.Task.ConfigureAwait(false) is IAsyncDisposable opened)
                await opened.DisposeAsync().ConfigureAwait(false);
        }
        catch (Exception)
        {
            // It was cancelled; how it ended no longer matters to anybody.
        }

        loser.Cancellation.Dispose();
    }

    private static RouterException Late(RouteAttempt attempt, FailureKind kind, string message) =>
        new(kind, message) { Provider = attempt.Provider, Endpoint = attempt.Endpoint?.Tag };
}
