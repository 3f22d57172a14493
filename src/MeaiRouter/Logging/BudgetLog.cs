using System.Collections.Concurrent;
using System.Globalization;
using MeaiRouter.Attempts;
using MeaiRouter.Budgets;
using Microsoft.Extensions.Logging;

namespace MeaiRouter.Logging;

/// <summary>What an operator may want to know of budgets. One that refuses a thousand calls a minute takes one line for all of them.</summary>
internal sealed partial class BudgetLog(ILogger logger, TimeProvider time)
{
    private static readonly TimeSpan Silence = TimeSpan.FromMinutes(1);

    // Scopes may be users, of whom there may be any number; which of them were quiet lately is not worth more memory than this.
    private const int MostScopes = 1_024;

    private readonly ConcurrentDictionary<(string Scope, BudgetMeasure Measure), Refusals> _refusals = new();

    public void Follow(BudgetBook budgets)
    {
        budgets.Refused += Write;
        budgets.Warning += Write;
    }

    private void Write(object? sender, BudgetRefusedEventArgs refused)
    {
        if (!logger.IsEnabled(LogLevel.Warning))
            return;

        var refusal = refused.Refusal;
        if (_refusals.Count >= MostScopes)
            _refusals.Clear();
        if (_refusals.GetOrAdd((refusal.Scope, refusal.Measure), static _ => new Refusals()).Note(time.GetTimestamp(), time) is not { } unsaid)
            return;

        Refused(
            logger, OneLine(refusal.Scope), refusal.Measure, refusal.Window, refusal.Limit, refusal.Spent, refusal.Reserved, Room(refusal), unsaid);
    }

    private void Write(object? sender, BudgetWarningEventArgs warning)
    {
        if (!logger.IsEnabled(LogLevel.Warning))
            return;
        var balance = warning.Balance;
        Reached(
            logger, OneLine(balance.Scope), (warning.Share * 100).ToString("0.##", CultureInfo.InvariantCulture), balance.Limit?.ToUsd(), balance.Budget.Window.ToString(), balance.Spent.ToUsd());
    }

    [LoggerMessage(
        EventIds.BudgetRefused, LogLevel.Warning,
        "The budget {Scope} refused a call: {Measure} {Window}, limit {Limit}, spent {Spent}, held {Reserved}; {Room}. It refused {Unsaid} more in the minute before.")]
    private static partial void Refused(
        ILogger logger, string scope, BudgetMeasure measure, string window, decimal limit, decimal spent, decimal reserved, string room, int unsaid);

    [LoggerMessage(EventIds.BudgetReached, LogLevel.Warning, "The budget {Scope} has reached {Share} % of its limit of {Limit} USD {Window}: {Spent} USD are spent.")]
    private static partial void Reached(ILogger logger, string scope, string share, decimal? limit, string window, decimal spent);

    private static string Room(BudgetRefusal refusal) => refusal.ResetsAt is { } resets
        ? string.Create(CultureInfo.InvariantCulture, $"room returns {resets.ToUniversalTime():yyyy-MM-ddTHH:mm:ssZ}")
        : "nobody knows when room returns";

    // Users and tags are named by callers; a line of the log must stay one.
    private static string OneLine(string scope)
    {
        const int Longest = 200;
        return scope.Length <= Longest && !scope.Any(char.IsControl)
            ? scope
            : string.Concat(scope.Take(Longest).Select(static character => char.IsControl(character) ? '?' : character));
    }

    private sealed class Refusals
    {
        private readonly Lock _lock = new();
        private long _saidAt;
        private int _unsaid = -1;

        /// <summary>Takes down a refusal; how many were not told of if this one is to be, otherwise <see langword="null"/>.</summary>
        public int? Note(long now, TimeProvider time)
        {
            lock (_lock)
            {
                if (_unsaid >= 0 && time.GetElapsedTime(_saidAt, now) < Silence)
                {
                    _unsaid++;
                    return null;
                }

                var unsaid = Math.Max(0, _unsaid);
                (_saidAt, _unsaid) = (now, 0);
                return unsaid;
            }
        }
    }
}
