using MeaiRouter.Attempts;
using MeaiRouter.Routing;
using Microsoft.Extensions.AI;

namespace MeaiRouter.Fallback;

/// <summary>
/// Opens answers one after the other until one is worth having: the next begins when one fails, or beside it when it shows nothing
/// before its soft deadline. The same race for streams, which are won by the first content, and for whole answers.
/// </summary>
/// <remarks>
/// After a winner was taken, <see cref="RunAsync"/> may be called again, with the same or another way to open: it goes on with those that
/// have not been tried, under the same deadline and with what is left of the attempts, or fails with everything that was tried, the
/// winner included, whose owner has ended it by then. One caller at a time.
/// </remarks>
internal sealed class AttemptRace<T> : IDisposable
    where T : class
{
    private const string DeadlineMessage = "The deadline of the whole request passed.";

    private readonly RaceSettings _settings;
    private readonly RouteContext _context;
    private readonly CancellationToken _caller;
    private readonly CancellationTokenSource _request;
    private readonly CancellationTokenRegistration _registration;
    private Alternatives _alternatives;
    private Entrants<T> _running;
    private Patience _patience;
    private PendingRetry? _retry;
    private RouterException? _verdict;
    private long _started;

    public AttemptRace(
        RaceSettings settings, RouteContext context, IReadOnlyList<ChatMessage> messages, ChatOptions options, bool streaming,
        CancellationToken caller)
    {
        _settings = settings;
        _context = context;
        _alternatives = new Alternatives(settings, context);
        _patience = new Patience(settings, messages, options, streaming);
        _caller = caller;
        _request = new CancellationTokenSource(settings.Options.Total, settings.Time);
        _registration = caller.UnsafeRegister(static state => ((CancellationTokenSource)state!).Cancel(), _request);
    }

    /// <summary>Whether the deadline of the whole request has passed, rather than the caller having cancelled.</summary>
    public bool DeadlinePassed => _request.IsCancellationRequested && !_caller.IsCancellationRequested;

    /// <summary>Whether another attempt may be made, so that running again after a winner is worth while.</summary>
    public bool HasNext => !_request.IsCancellationRequested && _alternatives.HasNext;

    /// <summary>Whether the caller has part of an answer already, which further attempts are to continue.</summary>
    public bool IsContinuing { get; set; }

    /// <summary>Leaves out every endpoint that does not continue a message of the assistant, from now on.</summary>
    public void RequirePrefill() => _alternatives.RequirePrefill();

    /// <summary>Runs until one attempt has succeeded; the others are then cancelled.</summary>
    /// <param name="open">How to begin an answer: with the client, the attempt, and its cancellation.</param>
    /// <exception cref="RouterException">No attempt succeeded, or one failed in a way that no other endpoint could mend. The race is over then.</exception>
    /// <exception cref="OperationCanceledException">The caller cancelled.</exception>
    public Task<Entrant<T>> RunAsync(Func<IChatClient, RouteAttempt, CancellationToken, Task<T>> open) => RunAsync(open, static (_, winner) => winner);

    /// <summary>The same for an answer that is whole when its attempt has succeeded: the attempt, and the race, are over with it.</summary>
    /// <param name="open">How to get an answer.</param>
    /// <inheritdoc cref="RunAsync(Func{IChatClient, RouteAttempt, CancellationToken, Task{T}})" path="/exception"/>
    public Task<T> AnswerAsync(Func<IChatClient, RouteAttempt, CancellationToken, Task<T>> open) => RunAsync(open, static (race, winner) => race.Accept(winner));

    public void Dispose()
    {
        _registration.Dispose();
        _request.Dispose();
    }

    // What becomes of the winner is told beforehand: whoever waited here for the answer only to accept it would pay for a wait of his own.
    private async Task<TResult> RunAsync<TResult>(
        Func<IChatClient, RouteAttempt, CancellationToken, Task<T>> open, Func<AttemptRace<T>, Entrant<T>, TResult> take)
    {
        try
        {
            while (true)
            {
                StartWhatIsDue(open);

                // How the wait has ended is looked up afterwards: by then more than one thing may have happened.
                if (_running.Done is null)
                    await AnythingAsync().ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
                if (_running.Done is not { } entrant)
                {
                    PassWhoIsLate();
                    continue;
                }

                try
                {
                    await entrant.Task.ConfigureAwait(false);
                    RejectFiltered(entrant.Attempt);
                    _running.Remove(entrant);
                    _alternatives.Win();
                    _patience.Learn(entrant.Health, entrant.Attempt.TimeToFirstContent ?? entrant.Elapsed);
                    Release();
                    return take(this, entrant);
                }
                catch (Exception exception) when (!_request.IsCancellationRequested)
                {
                    Retire(entrant, exception);
                }
            }
        }
        catch (Exception)
        {
            Release();
            Dispose();
            _caller.ThrowIfCancellationRequested();
            if (!_request.IsCancellationRequested)
                throw;

            _alternatives.TellUntried("the deadline of the whole request passed");
            throw RequestFailure.From(FailureKind.DeadlineExceeded, DeadlineMessage, _context.Attempts, _context.Plan);
        }
    }

    /// <summary>Cancels a winner with the request from now on, until that is undone.</summary>
    public CancellationTokenRegistration CancelWithRequest(Entrant<T> winner) =>
        _request.Token.UnsafeRegister(static source => ((CancellationTokenSource)source!).Cancel(), winner.Cancellation);

    /// <summary>Starts the retry whose time has come, or the next one if another may run beside each that runs.</summary>
    private void StartWhatIsDue(Func<IChatClient, RouteAttempt, CancellationToken, Task<T>> open)
    {
        if (_retry is not null)
        {
            if (_retry.DueIn == TimeSpan.Zero)
            {
                Start(_retry.Move, open);
                _retry = null;
            }
        }
        else if (_started == 0)
        {
            Start(default, open);
        }
        else if (_running.ArePassed)
        {
            if (_alternatives.TryNext(out var move))
                Start(move, open);
            else if (_running.IsEmpty)
                throw Failure();
        }
    }

    private void Start(NextMove move, Func<IChatClient, RouteAttempt, CancellationToken, Task<T>> open)
    {
        _request.Token.ThrowIfCancellationRequested();
        var now = _settings.Time.GetTimestamp();
        if (_started == 0)
        {
            _started = now;
            move = _alternatives.First(_settings.Time.GetElapsedTime(0, now).Ticks);
        }

        var (client, attempt, health) = _alternatives.Begin(move, isBeside: !_running.IsEmpty);
        attempt.Backoff = move.Wait;
        if (attempt.Index > 0)
            _settings.Options.TellFailover(_context, attempt, IsContinuing);
        var entrant = new Entrant<T>(attempt, move.Index, health);
        _running.Add(entrant);
        entrant.Task = open(client, attempt, entrant.Cancellation.Token);
    }

    /// <summary>Ends, in whatever way, when an entrant has finished, it is time for something else, or the request is over.</summary>
    private Task AnythingAsync() => _running.IsEmpty
        ? Task.Delay(AlarmIn(), _settings.Time, _request.Token)
        : _running.AnyDoneAsync().WaitAsync(AlarmIn(), _settings.Time, _request.Token);

    /// <summary>Nobody has finished: the request is over, or it is time for the retry, or the newest has passed a deadline.</summary>
    private void PassWhoIsLate()
    {
        _request.Token.ThrowIfCancellationRequested();
        if (_retry is null)
            Pass(_running.Newest!);
    }

    /// <summary>How long until something is due although nobody has finished: the retry, or a deadline of the newest.</summary>
    private TimeSpan AlarmIn()
    {
        if (_retry is not null)
            return _retry.DueIn;
        if (_running.Newest is not { IsPassed: false } newest || ShowsContent(newest) || !_alternatives.HasNext)
            return Timeout.InfiniteTimeSpan;

        var deadlines = newest.Deadlines ??= _patience.For(newest.Health);
        if (deadlines.First == TimeSpan.MaxValue)
            return Timeout.InfiniteTimeSpan;
        return (deadlines.First - newest.Elapsed).ToDueTime();
    }

    /// <summary>A deadline of an entrant has passed: lets another one run beside it.</summary>
    private void Pass(Entrant<T> entrant)
    {
        var deadlines = entrant.Deadlines!.Value;

        // What it spent waiting for room is not held against it.
        if (entrant.Elapsed < deadlines.First || ShowsContent(entrant))
            return;

        entrant.IsLate = deadlines.First == deadlines.Soft;
        entrant.IsPassed = entrant.IsLate || _alternatives.TryHedge();

        // Whoever may not be hedged is waited for as usual.
        entrant.Deadlines = deadlines with { Hedge = TimeSpan.MaxValue };
    }

    private T Accept(Entrant<T> winner)
    {
        winner.Cancellation.Dispose();
        winner.Attempt.End(AttemptOutcome.Answered);
        Dispose();
        return winner.Task.Result;
    }

    /// <summary>Whether it has begun to answer, and only holds its first content back.</summary>
    private static bool ShowsContent(Entrant<T> entrant) => entrant.Attempt.TimeToFirstContent is not null;

    /// <summary>Throws if a filter has stopped the answer and another endpoint may give one.</summary>
    private void RejectFiltered(RouteAttempt attempt)
    {
        if (attempt.FinishReason == ChatFinishReason.ContentFilter && _settings.Options.OnContentFiltered == RetryElsewhere.Always)
            throw new RouterException(FailureKind.ContentFiltered, "A content filter stopped the answer.");
    }

    /// <summary>Takes a failed entrant out, decides whether to try it again, and throws if nothing can follow it.</summary>
    private void Retire(Entrant<T> entrant, Exception exception)
    {
        var attempt = entrant.Attempt;
        _running.Remove(entrant);
        attempt.End(AttemptOutcome.Failed, _settings.Options.Read(exception, attempt, _context));

        // A stream that has stalled is still being waited for further in.
        entrant.Cancellation.Cancel();
        _ = CloseAsync(entrant);

        var failure = attempt.Failure!;
        if (failure.BudgetRefusal is not null)
            _alternatives.Uncount();
        _alternatives.Fail(entrant.Index, attempt);
        switch (_settings.Options.ConsequencesOf(failure.Kind).Elsewhere)
        {
            case RetryElsewhere.Never:
                // Nobody else is asked, but one who is already answering may finish.
                _alternatives.Close();
                _retry = null;
                _verdict = failure;
                break;
            case RetryElsewhere.LargerContext:
                _alternatives.RequireContextAbove(attempt.Endpoint?.ContextLength ?? attempt.Model?.ContextLength ?? 0);
                break;
        }

        if (_retry is null && _alternatives.TryAgain(entrant.Index, attempt, TimeLeft(), out var again))
            _retry = new PendingRetry(again, _settings.Time);
    }

    private TimeSpan TimeLeft() => _settings.Options.Total == Timeout.InfiniteTimeSpan
        ? TimeSpan.MaxValue
        : _settings.Options.Total - _settings.Time.GetElapsedTime(_started);

    private RouterException Failure()
    {
        _alternatives.TellUntried();
        return _verdict is { } verdict
            ? RequestFailure.From(verdict.Kind, verdict.Message, _context.Attempts, _context.Plan)
            : RequestFailure.From(_context.Attempts, _context.Plan);
    }

    /// <summary>Cancels the entrants still running and sees to it that what they may yet open is closed.</summary>
    private void Release()
    {
        _retry = null;
        while (_running.TakeFirst() is { } loser)
        {
            if (_caller.IsCancellationRequested)
                loser.Attempt.End(AttemptOutcome.Cancelled);
            else if (_request.IsCancellationRequested)
                loser.Attempt.End(AttemptOutcome.Failed, Late(loser.Attempt, FailureKind.DeadlineExceeded, DeadlineMessage));
            else if (IsSilent(loser, out var deadline))
                loser.Attempt.End(AttemptOutcome.Failed, Late(loser.Attempt, FailureKind.Timeout, $"No content within {deadline.TotalSeconds:0.###} s."));
            else
                loser.Attempt.End(AttemptOutcome.Superseded);

            loser.Cancellation.Cancel();
            _ = CloseAsync(loser);
        }
    }

    // Beside a hedge the deadline passes without anybody's being told.
    private static bool IsSilent(Entrant<T> loser, out TimeSpan deadline)
    {
        deadline = loser.Deadlines?.Soft ?? TimeSpan.MaxValue;
        return loser.IsLate || (loser.IsPassed && loser.Elapsed >= deadline);
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
            // It failed or was cancelled; how it ended no longer matters to anybody.
        }

        loser.Cancellation.Dispose();
    }

    private static RouterException Late(RouteAttempt attempt, FailureKind kind, string message) =>
        new(kind, message) { Provider = attempt.Provider, Endpoint = attempt.Endpoint?.Tag };
}
