using MeaiRouter.Attempts;
using MeaiRouter.Pricing;

namespace MeaiRouter.Budgets;

/// <summary>What is spent, held and counted for one subject of one budget. Every member but the order is to be used inside its lock.</summary>
internal sealed class BudgetAccount(Budget budget, string subject, long order, DateTimeOffset now)
{
    private static readonly TimeSpan Minute = TimeSpan.FromMinutes(1);

    private readonly RollingSum? _rolling = budget.Window.IsRolling ? new(budget.Window.Duration) : null;
    private RollingSum? _rollingOverrun;
    private RollingSum? _requests;
    private RollingSum? _tokens;
    private DateTimeOffset _end = budget.Window.EndAfter(now);
    private NanoUsd _spent;
    private NanoUsd _overrun;
    private NanoUsd _reserved;
    private NanoUsd _exposed;
    private long _tokensHeld;
    private int _inFlight;
    private int _warned;
    private DateTimeOffset _warnedUntil = DateTimeOffset.MaxValue;
    private BudgetHold? _oldest;
    private BudgetHold? _newest;

    /// <summary>Several accounts are locked in this order, so that no two callers wait for each other.</summary>
    public long Order { get; } = order;

    public Lock Lock { get; } = new();

    /// <summary>Whether the store has forgotten the account, so that it must be looked up anew.</summary>
    public bool IsRetired { get; private set; }

    private NanoUsd Spent => _rolling is null ? _spent : new(_rolling.Total);

    /// <summary>Brings the account up to the present: starts the window anew, lets go of what has left it, books holds whose holder died.</summary>
    public void Advance(DateTimeOffset now)
    {
        if (now >= _end)
        {
            _spent = _overrun = NanoUsd.Zero;
            _warned = 0;
            _end = budget.Window.EndAfter(now);
        }

        if (now >= _warnedUntil)
        {
            _warned = 0;
            _warnedUntil = DateTimeOffset.MaxValue;
        }

        _rolling?.Expire(now);
        _rollingOverrun?.Expire(now);
        _requests?.Expire(now);
        _tokens?.Expire(now);
        while (_oldest is { } hold && hold.ExpiresAt <= now)
            Sweep(hold, now);
    }

    /// <summary>Forgets the account if forgetting it changes nothing.</summary>
    public bool TryRetire(DateTimeOffset now)
    {
        Advance(now);
        IsRetired = _oldest is null && Spent == NanoUsd.Zero && _overrun == NanoUsd.Zero && _warned == 0
            && _rollingOverrun is not { Total: > 0 } && _requests is not { Total: > 0 } && _tokens is not { Total: > 0 };
        return IsRetired;
    }

    /// <summary>Why there is no room for a call; <see langword="null"/> if there is.</summary>
    public BudgetRefusal? Refuse(in BudgetClaim claim, in BudgetDemand demand)
    {
        budget = claim.Budget;
        if (budget.RefusesMoney && demand.Most > NanoUsd.Zero && !HasRoomFor(demand.Most, budget.Limit!.Value))
        {
            return Refusal(claim, BudgetMeasure.Usd, budget.LimitUsd!.Value, Spent.ToUsd(), _reserved.ToUsd(), demand.Most.ToUsd(), MoneyResetsAt);
        }

        if (claim.CountsRequest && budget.RequestsPerMinute is { } requests && (_requests?.Total ?? 0) >= requests)
            return Refusal(claim, BudgetMeasure.RequestsPerMinute, requests, _requests!.Total, 0, 1, _requests.NextExpiry);
        if (claim.CountsRequest && budget.Concurrency is { } concurrency && _inFlight >= concurrency)
            return Refusal(claim, BudgetMeasure.Concurrency, concurrency, 0, _inFlight, 1, null);
        if (demand.Tokens > 0 && budget.TokensPerMinute is { } tokens)
        {
            var used = _tokens?.Total ?? 0;
            if (used + _tokensHeld + Math.Min(demand.Tokens, tokens) > tokens)
                return Refusal(claim, BudgetMeasure.TokensPerMinute, tokens, used, _tokensHeld, demand.Tokens, _tokens?.NextExpiry);
        }

        return null;
    }

    /// <summary>Holds what a call asks for, after nothing refused it.</summary>
    public void Hold(BudgetHold hold, in BudgetDemand demand, DateTimeOffset now)
    {
        budget = hold.Claim.Budget;
        hold.Most = demand.Most;
        hold.Held = budget.Overcommit > 1 ? demand.Expected : demand.Most;
        _reserved += hold.Held;
        _exposed += hold.Most;
        if (budget.TokensPerMinute is { } tokens)
        {
            hold.Tokens = Math.Min(demand.Tokens, tokens);
            _tokensHeld += hold.Tokens;
        }

        if (hold.Claim.CountsRequest)
        {
            _inFlight++;
            if (budget.RequestsPerMinute is not null)
                (_requests ??= new(Minute)).Add(now, 1);
        }

        hold.ExpiresAt = now + demand.Lease;
        Link(hold);
    }

    /// <summary>Settles a hold, or corrects what was booked when it was swept. Later settlements change nothing.</summary>
    public void Settle(BudgetHold hold, NanoUsd cost, long tokens, DateTimeOffset now, ref List<BudgetWarningEventArgs>? warnings)
    {
        if (hold.State == BudgetHold.HoldState.Settled)
            return;

        if (hold.State == BudgetHold.HoldState.Open)
        {
            Release(hold);
            Book(cost, tokens, now);
        }
        else
        {
            Correct(hold, cost, tokens, now);
        }

        hold.State = BudgetHold.HoldState.Settled;
        if (cost > hold.Most)
            NoteOverrun(cost - hold.Most, now);
        Warn(now, ref warnings);
    }

    /// <summary>Takes over what was spent before, unless more than that has been counted already.</summary>
    public void Restore(IReadOnlyList<PastCharge> charges, DateTimeOffset now)
    {
        var start = budget.Window.StartBefore(now);
        var past = NanoUsd.Zero;
        foreach (var charge in charges)
            past += start is { } from && charge.At < from ? NanoUsd.Zero : charge.Amount;
        if (past <= Spent)
            return;

        if (_rolling is null)
        {
            _spent = past;
            return;
        }

        _rolling.Clear();
        foreach (var charge in charges)
        {
            if (charge.At >= start)
                _rolling.Add(charge.At < now ? charge.At : now, charge.Amount.Value);
        }
    }

    public BudgetBalance ToBalance() => new(budget, subject)
    {
        Spent = Spent,
        Reserved = _reserved,
        Overrun = _rollingOverrun is null ? _overrun : new(_rollingOverrun.Total),
        ResetsAt = MoneyResetsAt,
        Requests = _requests?.Total ?? 0,
        Tokens = (_tokens?.Total ?? 0) + _tokensHeld,
        InFlight = _inFlight,
    };

    private DateTimeOffset? MoneyResetsAt => _rolling is not null ? _rolling.NextExpiry : _end == DateTimeOffset.MaxValue ? null : _end;

    private bool HasRoomFor(NanoUsd most, NanoUsd limit)
    {
        if (Spent + _reserved + most > limit)
            return false;
        return budget.Overcommit == 1 || (_exposed + most).Value <= (limit - Spent).Value * budget.Overcommit;
    }

    private static BudgetRefusal Refusal(
        in BudgetClaim claim, BudgetMeasure measure, decimal limit, decimal spent, decimal reserved, decimal needed, DateTimeOffset? resetsAt) =>
        new(claim.Scope, measure)
        {
            Window = claim.Budget.Window.ToString(),
            Limit = limit,
            Spent = spent,
            Reserved = reserved,
            Needed = needed,
            ResetsAt = resetsAt,
        };

    private void Sweep(BudgetHold hold, DateTimeOffset now)
    {
        Release(hold);
        Book(hold.Held, hold.Tokens, now);
        (hold.State, hold.SweptAt, hold.SweptInto) = (BudgetHold.HoldState.Swept, now, _end);
    }

    private void Release(BudgetHold hold)
    {
        Unlink(hold);
        _reserved -= hold.Held;
        _exposed -= hold.Most;
        _tokensHeld -= hold.Tokens;
        if (hold.Claim.CountsRequest)
            _inFlight--;
    }

    private void Book(NanoUsd cost, long tokens, DateTimeOffset now)
    {
        if (_rolling is null)
            _spent += cost;
        else
            _rolling.Add(now, cost.Value);
        if (budget.TokensPerMinute is not null)
            (_tokens ??= new(Minute)).Add(now, tokens);
    }

    // What was swept into a window that is over stays there; only what exceeds it is still to be booked.
    private void Correct(BudgetHold hold, NanoUsd cost, long tokens, DateTimeOffset now)
    {
        var money = cost - hold.Held;
        if (_rolling is not null)
        {
            if (!_rolling.Correct(hold.SweptAt, money.Value) && money > NanoUsd.Zero)
                _rolling.Add(now, money.Value);
        }
        else if (hold.SweptInto == _end || money > NanoUsd.Zero)
        {
            _spent += money;
        }

        if (_tokens is { } counted && !counted.Correct(hold.SweptAt, tokens - hold.Tokens) && tokens > hold.Tokens)
            counted.Add(now, tokens - hold.Tokens);
    }

    private void NoteOverrun(NanoUsd amount, DateTimeOffset now)
    {
        if (_rolling is null)
            _overrun += amount;
        else
            (_rollingOverrun ??= new(budget.Window.Duration)).Add(now, amount.Value);
    }

    private void Warn(DateTimeOffset now, ref List<BudgetWarningEventArgs>? warnings)
    {
        while (budget.LimitUsd is { } limit && _warned < budget.WarnAt.Count && Spent.ToUsd() >= limit * budget.WarnAt[_warned] && Spent > NanoUsd.Zero)
        {
            if (_rolling is not null && _warned == 0)
                _warnedUntil = now + budget.Window.Duration;
            (warnings ??= []).Add(new BudgetWarningEventArgs(ToBalance(), budget.WarnAt[_warned++]));
        }
    }

    // Leases are nearly always of one length, so that the newest ends last.
    private void Link(BudgetHold hold)
    {
        var previous = _newest;
        while (previous is not null && previous.ExpiresAt > hold.ExpiresAt)
            previous = previous.Previous;

        hold.Previous = previous;
        hold.Next = previous is null ? _oldest : previous.Next;
        if (hold.Next is null)
            _newest = hold;
        else
            hold.Next.Previous = hold;
        if (previous is null)
            _oldest = hold;
        else
            previous.Next = hold;
    }

    private void Unlink(BudgetHold hold)
    {
        if (hold.Previous is null)
            _oldest = hold.Next;
        else
            hold.Previous.Next = hold.Next;
        if (hold.Next is null)
            _newest = hold.Previous;
        else
            hold.Next.Previous = hold.Previous;
        hold.Previous = hold.Next = null;
    }
}
