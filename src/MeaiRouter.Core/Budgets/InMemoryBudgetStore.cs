using System.Collections.Concurrent;
using MeaiRouter.Attempts;
using MeaiRouter.Pricing;

namespace MeaiRouter.Budgets;

/// <summary>Accounts in this process: exact here, unknown to every other process, and gone when it ends.</summary>
/// <remarks>
/// Accounts of which nothing is held or counted any more are forgotten. None is forgotten while its window holds a charge: where there
/// are as many such accounts as the capacity allows, calls that would need one more are refused. Budgets of the window
/// <c>lifetime</c> for each user or session therefore fill the store in time; a rolling window empties it again.
/// </remarks>
public sealed class InMemoryBudgetStore : IBudgetStore
{
    private const int FewestBeforeTrim = 1_024;

    private static readonly TimeSpan BetweenTrims = TimeSpan.FromSeconds(30);

    private readonly ConcurrentDictionary<(string Account, string Subject), BudgetAccount> _accounts = new();
    private readonly Lock _trimming = new();
    private readonly TimeProvider _time;
    private readonly int _capacity;
    private DateTimeOffset _trimmedAt;
    private long _orders;
    private int _count;
    private int _trimAt;

    /// <summary>Creates an empty store.</summary>
    /// <param name="timeProvider">The clock; <see langword="null"/> for the system's.</param>
    /// <param name="capacity">How many accounts to keep at most, each about a quarter of a kilobyte.</param>
    public InMemoryBudgetStore(TimeProvider? timeProvider = null, int capacity = 1_000_000)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(capacity);
        _time = timeProvider ?? TimeProvider.System;
        _capacity = capacity;
        _trimAt = Math.Min(FewestBeforeTrim, capacity);
    }

    /// <summary>Told of every account inside its lock, right after it changed.</summary>
    internal Action<BudgetBalance>? Changed { get; set; }

    internal int Count => Volatile.Read(ref _count);

    /// <inheritdoc/>
    public ValueTask<BudgetDecision> ReserveAsync(BudgetDemand demand, CancellationToken cancellationToken = default)
    {
        while (true)
        {
            var now = _time.GetUtcNow();
            var holds = HoldsFor(demand.Claims.Span, now, out var full);
            if (holds is null)
                return new(new BudgetDecision(full.Budget, Full(full)));
            if (TryDecide(holds, demand, now) is { } decision)
                return new(decision);

            // An account was forgotten between finding and locking it.
        }
    }

    /// <inheritdoc/>
    public ValueTask<IReadOnlyList<BudgetWarningEventArgs>> SettleAsync(
        BudgetReservation reservation, NanoUsd cost, long tokens, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(reservation);
        var own = reservation as Reservation ?? throw new ArgumentException("The reservation was made by another store.", nameof(reservation));

        List<BudgetWarningEventArgs>? warnings = null;
        var now = _time.GetUtcNow();
        foreach (var hold in own.Holds)
        {
            lock (hold.Account.Lock)
            {
                hold.Account.Advance(now);
                hold.Account.Settle(hold, cost, tokens, now, ref warnings);
                Changed?.Invoke(hold.Account.ToBalance());
            }
        }

        return new(warnings ?? (IReadOnlyList<BudgetWarningEventArgs>)[]);
    }

    /// <inheritdoc/>
    public ValueTask RestoreAsync(BudgetClaim claim, IReadOnlyList<PastCharge> charges, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(charges);

        var now = _time.GetUtcNow();
        while (Find(claim, now) is { } account)
        {
            lock (account.Lock)
            {
                if (account.IsRetired)
                    continue;
                account.Advance(now);
                account.Restore(charges, now);
                Changed?.Invoke(account.ToBalance());
                return ValueTask.CompletedTask;
            }
        }

        throw new InvalidOperationException($"The store keeps {_capacity} accounts, and {claim.Scope} would need one more. Raise its capacity.");
    }

    /// <inheritdoc/>
    public ValueTask<IReadOnlyList<BudgetBalance>> ReadAsync(CancellationToken cancellationToken = default)
    {
        var now = _time.GetUtcNow();
        var balances = new List<BudgetBalance>();
        foreach (var (_, account) in _accounts)
        {
            lock (account.Lock)
            {
                account.Advance(now);
                if (!account.IsRetired)
                    balances.Add(account.ToBalance());
            }
        }

        return new(balances);
    }

    /// <summary>The one account of a budget; <see langword="null"/> if it has none yet.</summary>
    internal BudgetBalance? Find(Budget budget)
    {
        if (!_accounts.TryGetValue((budget.Account, ""), out var account))
            return null;

        lock (account.Lock)
        {
            account.Advance(_time.GetUtcNow());
            return account.IsRetired ? null : account.ToBalance() with { Budget = budget };
        }
    }

    private BudgetHold[]? HoldsFor(ReadOnlySpan<BudgetClaim> claims, DateTimeOffset now, out BudgetClaim full)
    {
        full = default;
        var holds = new BudgetHold[claims.Length];
        for (var i = 0; i < claims.Length; i++)
        {
            if (Find(claims[i], now) is not { } account)
            {
                full = claims[i];
                return null;
            }

            // Sorted on the way in; there are never many.
            var at = i;
            for (; at > 0 && holds[at - 1].Account.Order > account.Order; at--)
                holds[at] = holds[at - 1];
            holds[at] = new BudgetHold(claims[i], account);
        }

        return holds;
    }

    private BudgetDecision? TryDecide(BudgetHold[] holds, in BudgetDemand demand, DateTimeOffset now)
    {
        var locked = 0;
        try
        {
            for (; locked < holds.Length; locked++)
                holds[locked].Account.Lock.Enter();

            foreach (var hold in holds)
            {
                if (hold.Account.IsRetired)
                    return null;
                hold.Account.Advance(now);
                if (hold.Account.Refuse(hold.Claim, demand) is { } refusal)
                    return new BudgetDecision(hold.Claim.Budget, refusal);
            }

            foreach (var hold in holds)
            {
                hold.Account.Hold(hold, demand, now);
                Changed?.Invoke(hold.Account.ToBalance());
            }

            return new BudgetDecision(new Reservation(holds));
        }
        finally
        {
            while (locked > 0)
                holds[--locked].Account.Lock.Exit();
        }
    }

    private BudgetAccount? Find(in BudgetClaim claim, DateTimeOffset now)
    {
        var key = (claim.Budget.Account, claim.Subject);
        if (_accounts.TryGetValue(key, out var account))
            return account;

        if (claim.Subject.Length > 0)
        {
            if (Count >= Volatile.Read(ref _trimAt))
                Trim(now);
            if (Count >= _capacity)
                return null;
        }

        account = new BudgetAccount(claim.Budget, claim.Subject, Interlocked.Increment(ref _orders), now);
        if (!_accounts.TryAdd(key, account))
            return Find(claim, now);

        Interlocked.Increment(ref _count);
        return account;
    }

    /// <summary>Forgets the accounts of which nothing is held or counted. Done when their number has doubled, which makes it cheap for each.</summary>
    private void Trim(DateTimeOffset now)
    {
        lock (_trimming)
        {
            if (Count < _trimAt || (Count >= _capacity && now - _trimmedAt < BetweenTrims && now >= _trimmedAt))
                return;

            foreach (var (key, account) in _accounts)
            {
                lock (account.Lock)
                {
                    if (account.IsRetired || !account.TryRetire(now))
                        continue;
                    _accounts.TryRemove(key, out _);
                    Interlocked.Decrement(ref _count);
                }
            }

            _trimmedAt = now;
            Volatile.Write(ref _trimAt, Math.Clamp(2 * Count, Math.Min(FewestBeforeTrim, _capacity), _capacity));
        }
    }

    private BudgetRefusal Full(in BudgetClaim claim) => new(claim.Scope, BudgetMeasure.Accounts)
    {
        Window = claim.Budget.Window.ToString(),
        Limit = _capacity,
        Spent = Count,
        Reserved = 0,
        Needed = 1,
    };

    private sealed class Reservation(BudgetHold[] holds) : BudgetReservation
    {
        public BudgetHold[] Holds => holds;
    }
}
