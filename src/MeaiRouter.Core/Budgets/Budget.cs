using System.Globalization;
using MeaiRouter.Pricing;

namespace MeaiRouter.Budgets;

/// <summary>Limits on what calls in one scope may cost, and how many of them there may be. Every budget whose scope fits a call must have room for it.</summary>
public sealed record Budget
{
    private static readonly decimal[] DefaultWarnings = [0.8m, 1m];

    /// <summary>Creates a budget.</summary>
    /// <param name="scope">Which calls draw on it.</param>
    /// <param name="window">The time over which it counts money.</param>
    public Budget(BudgetScope scope, BudgetWindow window = default)
    {
        Scope = scope;
        Window = window;
        Account = $"{scope.ToString(scope.Name is { } name ? BudgetScope.Canonical(scope.Kind, name) : null)}/{window}";
    }

    /// <summary>Which calls draw on it.</summary>
    public BudgetScope Scope { get; }

    /// <summary>The time over which it counts money.</summary>
    /// <value>Default: <see cref="BudgetWindow.Lifetime"/>.</value>
    public BudgetWindow Window { get; }

    /// <summary>What may be spent in the window, in US dollars; <see langword="null"/> for any amount. Zero allows only what is free.</summary>
    public decimal? LimitUsd
    {
        get => Limit?.ToUsd();
        init => Limit = value is { } usd ? NanoUsd.FromUsd(usd) : null;
    }

    /// <summary>Whether passing <see cref="LimitUsd"/> only warns. The limits on rates refuse all the same.</summary>
    /// <value>Default: <see langword="false"/>, a call that might pass it is refused.</value>
    public bool Soft { get; init; }

    /// <summary>Requests that may begin in any minute; <see langword="null"/> for any number. For a model or provider every attempt is one.</summary>
    public int? RequestsPerMinute { get; init; }

    /// <summary>
    /// Tokens, in and out, in any minute; <see langword="null"/> for any number. While a call runs it counts with the most it can use, but never with
    /// more than the limit, so that one call alone always fits.
    /// </summary>
    public int? TokensPerMinute { get; init; }

    /// <summary>Requests at the same time; <see langword="null"/> for any number. For a model or provider every attempt is one.</summary>
    public int? Concurrency { get; init; }

    /// <summary>
    /// What a call at an endpoint without a price is taken to cost, in US dollars; <see langword="null"/> refuses it where the budget is a hard
    /// one. The call is booked at this amount.
    /// </summary>
    public decimal? AssumeUsdPerRequest { get; init; }

    /// <summary>
    /// Where a call does not fit, <c>max_tokens</c> is lowered until it does, but not below this number; <see langword="null"/> refuses it
    /// instead. The trace notes it.
    /// </summary>
    public int? ClampDownTo { get; init; }

    /// <summary>
    /// How many times over the calls in flight may, at their very most, use up what is left of the limit. At 1 the limit cannot be passed: every
    /// call in flight is held at the most it can cost. Above 1 calls are held at the share of it that the dearest of the latest such calls
    /// took, as long as the most this one can cost fits beside them; then only many calls exceeding all earlier ones at once can pass the limit.
    /// </summary>
    /// <value>Default: 1.</value>
    public decimal Overcommit { get; init; } = 1;

    /// <summary>The shares of <see cref="LimitUsd"/> at which a warning is raised, once in a window, in ascending order.</summary>
    /// <value>Default: 0.8 and 1, as at OpenRouter.</value>
    public IReadOnlyList<decimal> WarnAt { get; init; } = DefaultWarnings;

    /// <summary>The limit as money is settled.</summary>
    internal NanoUsd? Limit { get; private init; }

    /// <summary>What tells the budget from others: a new limit keeps what was spent under the old one.</summary>
    internal string Account { get; }

    internal bool RefusesMoney => Limit is not null && !Soft;

    internal bool LimitsRequests => RequestsPerMinute is not null || Concurrency is not null;

    /// <summary>Scope, window and limits for people.</summary>
    internal string ToText()
    {
        var limits = new List<string>();
        if (Limit is { } limit)
            limits.Add($"{limit} {Window}{(Soft ? ", soft" : "")}");
        foreach (var (count, unit) in ((int?, string)[])[(RequestsPerMinute, "requests a minute"), (TokensPerMinute, "tokens a minute"), (Concurrency, "at once")])
        {
            if (count is { } most)
                limits.Add(string.Create(CultureInfo.InvariantCulture, $"{most} {unit}"));
        }

        return $"{Scope} {string.Join(", ", limits)}";
    }

    /// <summary>What is wrong with it, as sentences.</summary>
    internal IEnumerable<string> Errors()
    {
        if (Limit is null && !LimitsRequests && TokensPerMinute is null)
            yield return $"The budget {Scope} limits nothing: set LimitUsd, RequestsPerMinute, TokensPerMinute or Concurrency.";
        if (Soft && Limit is null)
            yield return $"The budget {Scope} is soft, but has no LimitUsd to warn of.";
        if (LimitUsd < 0)
            yield return $"LimitUsd of the budget {Scope} is {LimitUsd}; it must not be negative.";
        if (AssumeUsdPerRequest < 0)
            yield return $"AssumeUsdPerRequest of the budget {Scope} is {AssumeUsdPerRequest}; it must not be negative.";
        if (Overcommit < 1)
            yield return $"Overcommit of the budget {Scope} is {Overcommit}; it must be at least 1.";
        foreach (var (name, value) in ((string, int?)[])
            [(nameof(RequestsPerMinute), RequestsPerMinute), (nameof(TokensPerMinute), TokensPerMinute), (nameof(Concurrency), Concurrency), (nameof(ClampDownTo), ClampDownTo)])
        {
            if (value < 1)
                yield return $"{name} of the budget {Scope} is {value}; it must be at least 1.";
        }

        for (var i = 0; i < WarnAt.Count; i++)
        {
            if (WarnAt[i] <= (i == 0 ? 0 : WarnAt[i - 1]))
                yield return $"WarnAt of the budget {Scope} holds {WarnAt[i]}; the shares must be positive and ascending.";
        }
    }
}
