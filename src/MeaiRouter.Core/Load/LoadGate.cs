using MeaiRouter.Attempts;

namespace MeaiRouter.Load;

/// <summary>Lets a limited number of attempts in at once; the others wait, in a line of bounded length.</summary>
/// <remarks>
/// System.Threading.RateLimiting's ConcurrencyLimiter knows neither priorities nor callers: one that sends a hundred requests would
/// hold up everybody behind them. Entering where there is room takes a lock and allocates nothing.
/// </remarks>
/// <param name="name">What errors call it.</param>
/// <param name="timeProvider">The clock.</param>
internal sealed class LoadGate(string name, TimeProvider timeProvider)
{
    private const double HoldWeight = 0.2;

    private static readonly TimeSpan ShortestRetry = TimeSpan.FromSeconds(1);

    private readonly Lock _lock = new();
    private readonly WaitingLine[] _lines = [new(64), new(8), new(1)];
    private ConcurrencyLimit _limit = new(1, 0);
    private int _generation;
    private int _queueLimit;
    private TimeSpan _maxWait;
    private int _inUse;
    private int _waiting;
    private TimeSpan? _averageHold;

    /// <summary>Attempts that are in.</summary>
    public int InUse => Volatile.Read(ref _inUse);

    /// <summary>Requests that wait.</summary>
    public int Waiting => Volatile.Read(ref _waiting);

    /// <summary>Whether an attempt that comes now would find room. A moment later that may be different.</summary>
    public bool HasRoom => InUse < Volatile.Read(ref _limit).MaxConcurrency;

    /// <summary>Sets what the gate permits. Who already waits stays in line, also if it has become too long.</summary>
    /// <param name="limit">What it permits.</param>
    /// <param name="defaults">What holds where the limit is silent.</param>
    /// <param name="generation">Which board says so: of those that share the gate the newest one that has been asked is heard.</param>
    public LoadGate Under(ConcurrencyLimit limit, LoadOptions defaults, int generation = 0)
    {
        if (ReferenceEquals(Volatile.Read(ref _limit), limit))
            return this;

        lock (_lock)
        {
            if (generation < _generation)
                return this;

            _generation = generation;
            Volatile.Write(ref _limit, limit);
            _queueLimit = limit.QueueLimit ?? defaults.QueueLimit;
            _maxWait = defaults.MaxWait;
            LetIn();
        }

        return this;
    }

    /// <summary>Comes back once there is room, which then is the caller's until he leaves.</summary>
    /// <exception cref="RouterException">The line is full, or the wait took too long.</exception>
    /// <exception cref="OperationCanceledException">The token was cancelled before there was room.</exception>
    public ValueTask EnterAsync(RequestPriority priority, string caller, CancellationToken cancellationToken)
    {
        Waiter waiter;
        Waiter? displaced;
        RouterException? displacement = null;
        lock (_lock)
        {
            if (_inUse < _limit.MaxConcurrency)
            {
                _inUse++;
                return ValueTask.CompletedTask;
            }

            if (!TryMakeRoomInLine(priority, caller, out displaced))
                return ValueTask.FromException(LineIsFull(caller, LineOf(priority)));
            if (displaced is not null)
                displacement = LineIsFull(displaced.Caller, displaced.Priority < priority ? null : LineOf(priority));

            waiter = new Waiter(this, priority, caller);
            LineOf(priority).Add(waiter);
            _waiting++;
        }

        displaced?.TrySetException(displacement!);
        return WaitAsync(waiter, _maxWait, cancellationToken);
    }

    /// <summary>Makes room again after an attempt that was in.</summary>
    /// <param name="held">How long it was in; <see langword="null"/> if it has not called anybody.</param>
    public void Leave(TimeSpan? held)
    {
        lock (_lock)
        {
            _inUse--;
            if (held is { } time)
                _averageHold = _averageHold is { } average ? average + ((time - average) * HoldWeight) : time;
            LetIn();
        }
    }

    private WaitingLine LineOf(RequestPriority priority) => _lines[RequestPriority.High - priority];

    private async ValueTask WaitAsync(Waiter waiter, TimeSpan maxWait, CancellationToken cancellationToken)
    {
        using var timer = maxWait == Timeout.InfiniteTimeSpan
            ? null
            : timeProvider.CreateTimer(static waiter => GiveUp((Waiter)waiter!), waiter, maxWait, Timeout.InfiniteTimeSpan);
        using var registration = cancellationToken.UnsafeRegister(static (waiter, token) => Cancel((Waiter)waiter!, token), waiter);
        await waiter.Task.ConfigureAwait(false);
    }

    private static void GiveUp(Waiter waiter)
    {
        var gate = waiter.Gate;
        RouterException failure;
        lock (gate._lock)
        {
            if (!gate.TryTakeOut(waiter))
                return;
            failure = gate.Saturated(FailureKind.Saturated, $"No room within {gate._maxWait.TotalSeconds:0.###} s");
        }

        waiter.TrySetException(failure);
    }

    private static void Cancel(Waiter waiter, CancellationToken token)
    {
        lock (waiter.Gate._lock)
        {
            if (!waiter.Gate.TryTakeOut(waiter))
                return;
        }

        waiter.TrySetCanceled(token);
    }

    private bool TryTakeOut(Waiter waiter)
    {
        if (waiter.Place is null)
            return false;

        LineOf(waiter.Priority).Remove(waiter);
        _waiting--;
        return true;
    }

    private void LetIn()
    {
        while (_waiting > 0 && _inUse < _limit.MaxConcurrency)
        {
            var waiter = LineToServe().TakeNext();
            _waiting--;
            _inUse++;
            waiter.TrySetResult();
        }
    }

    // Smooth weighted turns, so that the lower priorities' share is spread out rather than paid in bursts.
    private WaitingLine LineToServe()
    {
        WaitingLine? next = null;
        var total = 0;
        foreach (var line in _lines)
        {
            if (line.IsEmpty)
                continue;

            line.Credit += line.Weight;
            total += line.Weight;
            if (next is null || line.Credit > next.Credit)
                next = line;
        }

        next!.Credit -= total;
        return next;
    }

    /// <summary>
    /// Finds a place in line. In a full one it is that of the lowest priority below the newcomer's, or of the caller with the most
    /// requests of the same priority if the newcomer has fewer even with this one.
    /// </summary>
    private bool TryMakeRoomInLine(RequestPriority priority, string caller, out Waiter? displaced)
    {
        displaced = null;
        if (_waiting < _queueLimit)
            return true;

        for (var lower = RequestPriority.Low; lower < priority && displaced is null; lower++)
            displaced = LineOf(lower).NewestOfLongestRow(out _);

        if (displaced is null
            && LineOf(priority).NewestOfLongestRow(out var length) is { } greediest
            && length > LineOf(priority).CountOf(caller) + 1)
        {
            displaced = greediest;
        }

        return displaced is not null && TryTakeOut(displaced);
    }

    /// <summary>The refusal of a request for which there is no place in line.</summary>
    /// <param name="caller">Whose request it is.</param>
    /// <param name="line">The line in which he may have too many; <see langword="null"/> if a higher priority takes his place.</param>
    private RouterException LineIsFull(string caller, WaitingLine? line)
    {
        // Who gave no name is one with all others who gave none, and nobody in particular has too many.
        var own = caller.Length == 0 || line is null ? 0 : line.CountOf(caller);
        if (own > 0 && line!.NewestOfLongestRow(out var longest) is not null && own >= longest)
            return Saturated(FailureKind.CallerSaturated, $"{own} of the caller's requests wait already, as many as any other caller's");
        return Saturated(FailureKind.Saturated, "There is no place in line");
    }

    private RouterException Saturated(FailureKind kind, string what) => new(
        kind,
        $"{what}: all {_limit.MaxConcurrency} permits of {name} are in use and {_waiting} requests wait, of at most {_queueLimit}. " +
        "Try again later, raise MaxConcurrency or QueueLimit, or add another endpoint.")
    {
        RetryAfter = ExpectedWait(),
    };

    // The time in which those in line and one more will have had their turn.
    private TimeSpan ExpectedWait()
    {
        var expected = (_averageHold ?? TimeSpan.Zero) * ((_waiting + 1) / (double)_limit.MaxConcurrency);
        return expected > ShortestRetry ? expected : ShortestRetry;
    }
}
