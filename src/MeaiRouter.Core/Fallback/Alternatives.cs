using System.Globalization;
using MeaiRouter.Attempts;
using MeaiRouter.Health;
using MeaiRouter.Routing;
using Microsoft.Extensions.AI;

namespace MeaiRouter.Fallback;

/// <summary>
/// The clients and endpoints one request may turn to, in order: the plan's candidates, or the wrapped client, then the backups. What is
/// only needed once an attempt has failed is made then.
/// </summary>
internal struct Alternatives
{
    // Where nobody set a limit: room for a second try where there are one or two endpoints.
    private const int LeastAttempts = 3;

    private readonly RaceSettings _settings;
    private readonly RouteContext _context;
    private readonly IReadOnlyList<Candidate>? _candidates;
    private readonly int[]? _order;
    private readonly int _count;
    private readonly int _maxAttempts;
    private Uses[]? _uses;
    private List<string>? _limitedQuotas;
    private int _begun;
    private int _first;
    private int _contextAbove;
    private bool _isClosed;
    private bool _needsPrefill;
    private bool _beganAtRest;
    private bool _isContinuing;

    public Alternatives(RaceSettings settings, RouteContext context)
    {
        _settings = settings;
        _context = context;
        _candidates = context.Plan?.Candidates;
        _count = FromPrimary;
        if (settings.Backups.Length > 0 && !context.WantsEmbeddings
            && (context.Plan?.AllowsBackups ?? BackupRule.Allows(context.Preferences, context.Policies, context.DataClasses)))
        {
            _count += settings.Backups.Length;
            _order = _candidates is null ? HealthyFirst() : null;
        }

        _maxAttempts = settings.Options.MaxAttempts ?? Math.Max(LeastAttempts, _count);
    }

    [Flags]
    private enum Uses : byte
    {
        None = 0,
        Tried = 1,
        TriedAgain = 2,
    }

    /// <summary>Whether another attempt elsewhere may begin.</summary>
    public readonly bool HasNext => Next(out var isWell) >= 0 && (isWell || _settings.Budget.HasLeft(_settings.Now));

    private readonly int FromPrimary => _candidates?.Count ?? 1;

    /// <summary>Leaves out everything that has not begun.</summary>
    public void Close() => _isClosed = true;

    /// <summary>Takes back that an attempt was made: it was refused before its provider was called.</summary>
    public void Uncount() => _begun--;

    /// <summary>Leaves out every endpoint whose context is known to be no larger than the given one.</summary>
    public void RequireContextAbove(int tokens) => _contextAbove = Math.Max(_contextAbove, tokens);

    /// <summary>Leaves out every endpoint that does not continue a message of the assistant.</summary>
    public void RequirePrefill() => _needsPrefill = true;

    /// <summary>Chooses where to try first: whatever its health, it is the best there is, unless it is full while another has room.</summary>
    public NextMove First(long now)
    {
        _settings.Budget.CountRequest(now);
        _settings.Hedges?.CountRequest(now);
        _first = At(0);
        if (!HasRoom(_first))
            PassOverTheFull();
        _beganAtRest = IsResting(HealthOf(_first));
        return new NextMove(MoveKind.Elsewhere, _first);
    }

    /// <summary>
    /// Chooses where else to try, and draws on the budget. Endpoints that rest, or share their quota with one that has just been limited,
    /// come last, and only while the budget lasts.
    /// </summary>
    public bool TryNext(out NextMove move)
    {
        var index = Next(out var isWell);
        move = new NextMove(MoveKind.Elsewhere, index);
        if (index < 0)
            return false;

        if (isWell)
        {
            _settings.Budget.Draw(_settings.Now);
            TellPassedOver(index);
            return true;
        }

        return _settings.Budget.TryDraw(_settings.Now);
    }

    /// <summary>Whether a hedge may be started: at an endpoint of which nothing bad is known, within its share and the budget.</summary>
    public readonly bool TryHedge() =>
        Next(out var isWell) >= 0 && isWell && _settings.Budget.HasLeft(_settings.Now) && _settings.Hedges!.TryDraw(_settings.Now);

    /// <summary>Chooses whether to try the endpoint again that has just failed, and draws on the budget.</summary>
    /// <param name="index">The endpoint.</param>
    /// <param name="attempt">The attempt that failed.</param>
    /// <param name="left">The time left to the request.</param>
    /// <param name="move">What to do.</param>
    public bool TryAgain(int index, RouteAttempt attempt, TimeSpan left, out NextMove move)
    {
        move = default;
        var failure = attempt.Failure!;
        var here = _settings.Options.ConsequencesOf(failure.Kind).Here;
        if (here == RetryHere.Never || _isClosed || IsOfWholeRequest(failure))
            return false;

        var health = HealthOf(index);
        if (here != RetryHere.Once && health.HasOtherKeyThan(attempt.Key) && IsFirstWithItsKey(attempt))
        {
            _settings.Budget.Draw(_settings.Now);
            move = new NextMove(MoveKind.NextKey, index);
            return true;
        }

        var wait = here switch
        {
            RetryHere.Once when health.Breaker == BreakerState.Closed => RequestChance.Moment(_context, attempt.Index),
            RetryHere.WhenAllowed when failure.RetryAfter is { } time && time <= _settings.Options.RetryAfterAtMost => time,
            _ => Timeout.InfiniteTimeSpan,
        };
        if (wait == Timeout.InfiniteTimeSpan || wait >= left || (_uses![index] & Uses.TriedAgain) != 0 || !HasAttemptToSpare())
            return false;
        if (!_settings.Budget.TryDraw(_settings.Now))
        {
            _context.Note($"{NameOf(index)} was not tried again: the retry budget is used up.");
            return false;
        }

        _uses[index] |= Uses.TriedAgain;
        move = new NextMove(MoveKind.Again, index, wait);
        return true;
    }

    /// <summary>An attempt has won; whatever begins from now on is to continue its answer.</summary>
    public void Win() => _isContinuing = true;

    /// <summary>Begins an attempt.</summary>
    /// <param name="move">Where.</param>
    /// <param name="isBeside">Whether another one is running.</param>
    public (IChatClient Client, RouteAttempt Attempt, EndpointHealth Health) Begin(in NextMove move, bool isBeside)
    {
        if (move.Kind != MoveKind.NextKey)
            _begun++;
        var health = HealthOf(move.Index);
        var reason = ReasonOf(move, isBeside, health);
        if (_begun > 1)
            TakeDown(move.Index);
        if (_candidates is not null && move.Index < _candidates.Count)
            return (_settings.Primary.Client, _context.Begin(_candidates[move.Index], _settings.Time, reason), health);

        var own = Own(move.Index);
        return (own.Client, _context.Begin(own.Name, _settings.Time, health, reason), health);
    }

    /// <summary>An attempt has failed, so that it matters who has been tried and who shares what.</summary>
    public void Fail(int index, RouteAttempt attempt)
    {
        TakeDown(index);
        if (attempt is { Failure.Kind: FailureKind.RateLimited, Endpoint.QuotaDomain: { } domain })
            (_limitedQuotas ??= []).Add(domain);
    }

    /// <summary>Takes down why those were not tried that might have been, once the request has failed.</summary>
    /// <param name="common">The reason, if it is the same for all.</param>
    public readonly void TellUntried(string? common = null)
    {
        for (var place = 0; place < _count; place++)
        {
            var index = At(place);
            if (IsUntried(index))
                Tell(index, common is not null || _isClosed ? common : _begun >= _maxAttempts ? MaxReason() : WhyNot(index, isOutOfBudget: true));
        }
    }

    /// <summary>The alternatives in the order in which they come; only once the first has begun.</summary>
    private readonly int At(int place) => _order?[place] ?? place;

    private void TakeDown(int index)
    {
        if (_uses is null)
        {
            _uses = new Uses[_count];
            _uses[_first] = Uses.Tried;
        }

        _uses[index] |= Uses.Tried;
    }

    private readonly int Next(out bool isWell)
    {
        isWell = false;
        if (_isClosed || _begun >= _maxAttempts)
            return -1;

        var (full, resting) = (-1, -1);
        for (var place = 0; place < _count; place++)
        {
            var index = At(place);
            if (!IsUntried(index) || IsUnfit(index))
                continue;
            if (!IsWell(index))
            {
                resting = resting < 0 ? index : resting;
            }
            else if (HasRoom(index))
            {
                isWell = true;
                return index;
            }
            else
            {
                full = full < 0 ? index : full;
            }
        }

        // To wait in line is better than to trouble one that rests.
        isWell = full >= 0;
        if (isWell)
            return full;

        // Whoever had to begin with one that rests has only such, and one of them is enough.
        return _beganAtRest ? -1 : resting;
    }

    private void PassOverTheFull()
    {
        for (var place = 1; place < _count; place++)
        {
            if (!IsWell(At(place)) || !HasRoom(At(place)))
                continue;

            _first = At(place);
            TellPassedOver(_first);
            return;
        }
    }

    private readonly bool HasRoom(int index) => index < _candidates?.Count
        ? _settings.Access.HasRoom(_candidates[index])
        : _settings.Access.HasRoom(Own(index).Name);

    // Before a failure or a hedge nothing is taken down; then the first is the only one tried.
    private readonly bool IsUntried(int index) => _uses is null ? _begun == 0 || index != _first : (_uses[index] & Uses.Tried) == 0;

    private readonly bool IsUnfit(int index) => IsTooSmall(index) || CannotContinue(index);

    private readonly bool IsTooSmall(int index) =>
        _contextAbove > 0 && index < _candidates?.Count && _candidates[index].ContextLength <= _contextAbove;

    private readonly bool CannotContinue(int index) =>
        _needsPrefill && !(index < _candidates?.Count && _candidates[index].Endpoint.TakesPrefill);

    private readonly bool IsWell(int index) => !IsResting(HealthOf(index)) && !SharesLimitedQuota(index);

    private static bool IsResting(EndpointHealth health) =>
        health.MayBeTroubled && (health.AvailableIn > TimeSpan.Zero || health.Breaker != BreakerState.Closed);

    private readonly bool SharesLimitedQuota(int index) =>
        _limitedQuotas is not null && index < _candidates?.Count && _candidates[index].Endpoint.QuotaDomain is { } domain && _limitedQuotas.Contains(domain);

    /// <summary>Whether an attempt is left after every other endpoint of which nothing bad is known has had one.</summary>
    private readonly bool HasAttemptToSpare()
    {
        var left = _maxAttempts - _begun;
        for (var index = 0; index < _count; index++)
            left -= IsUntried(index) && !IsUnfit(index) && IsWell(index) ? 1 : 0;
        return left > 0;
    }

    // A pipeline used as a client has made its own attempts; making them again would multiply ours with its.
    private static bool IsOfWholeRequest(RouterException failure) => failure.InnerException is RouterException { Attempts.Count: > 0 };

    // Whoever has failed twice with one key has run out of others, whatever health says.
    private readonly bool IsFirstWithItsKey(RouteAttempt attempt) => !_context.Attempts.Any(other =>
        other.Index < attempt.Index && ReferenceEquals(other.Endpoint, attempt.Endpoint) && ReferenceEquals(other.Key, attempt.Key));

    private readonly void TellPassedOver(int chosen)
    {
        for (var place = 0; place < _count && At(place) != chosen; place++)
        {
            var index = At(place);
            if (IsUntried(index))
                Tell(index, WhyNot(index, isOutOfBudget: false));
        }
    }

    private readonly string? WhyNot(int index, bool isOutOfBudget)
    {
        if (IsTooSmall(index))
            return "its context is no larger than one that was too small";
        if (CannotContinue(index))
            return "it does not continue a message of the assistant";

        var health = HealthOf(index);
        var reason = SharesLimitedQuota(index) ? "it shares its quota with one that was limited"
            : health.AvailableIn is var wait && wait > TimeSpan.Zero ? string.Create(CultureInfo.InvariantCulture, $"it rests for another {wait.TotalSeconds:0.#} s")
            : health.Breaker != BreakerState.Closed ? "it has yet to show that it has recovered"
            : !HasRoom(index) ? "it was at its limit of requests at once"
            : null;
        return reason is not null && isOutOfBudget && !_beganAtRest ? reason + ", and the retry budget is used up" : reason;
    }

    private readonly AttemptReason ReasonOf(in NextMove move, bool isBeside, EndpointHealth health)
    {
        if (move.Kind != MoveKind.Elsewhere)
            return AttemptReason.Retry;
        if (_isContinuing)
            return AttemptReason.Continuation;
        if (isBeside)
            return AttemptReason.Hedge;
        if (health is { MayBeTroubled: true, Breaker: BreakerState.HalfOpen })
            return AttemptReason.Probe;
        return _begun == 1 && _uses is null ? AttemptReason.First : AttemptReason.Fallback;
    }

    private readonly string MaxReason() =>
        string.Create(CultureInfo.InvariantCulture, $"no more than {_maxAttempts} attempts may be made");

    private readonly void Tell(int index, string? reason)
    {
        if (reason is null)
            return;
        if (index < _candidates?.Count)
            _context.Skip(index, reason);
        else
            _context.Note($"{NameOf(index)} was not tried: {reason}.");
    }

    private readonly string NameOf(int index) => index < _candidates?.Count ? _candidates[index].Endpoint.ToString() : Own(index).Name;

    private readonly EndpointHealth HealthOf(int index) =>
        _candidates is not null && index < _candidates.Count ? _candidates[index].Health : Own(index).Health;

    private readonly NamedClient Own(int index) => index < FromPrimary ? _settings.Primary : _settings.Backups[index - FromPrimary];

    /// <summary>What a router would do: nobody is left out, but whoever is in trouble stands back. No order if nobody is.</summary>
    private readonly int[]? HealthyFirst()
    {
        var isTroubled = false;
        for (var index = 0; index < _count; index++)
            isTroubled |= Own(index).Health.MayBeTroubled;
        if (!isTroubled)
            return null;

        var random = new SeededRandom(RequestChance.SeedOf(_context));
        var mayProbe = true;
        var ranks = new double[_count];
        var order = new int[_count];
        for (var index = 0; index < order.Length; index++)
        {
            order[index] = index;
            ranks[index] = HealthOrder.Rank(Own(index).Health, mayProbe, random.NextDouble());
            mayProbe &= ranks[index] >= 0;
        }

        Array.Sort(order, (a, b) => (ranks[a], a).CompareTo((ranks[b], b)));
        return order;
    }
}
