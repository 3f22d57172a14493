using Microsoft.Extensions.AI;

namespace MeaiRouter.Budgets;

/// <summary>Finds the budgets a call draws on, however many there are.</summary>
internal sealed class BudgetIndex
{
    private readonly Kind?[] _kinds = new Kind?[Enum.GetValues<BudgetScopeKind>().Length];
    private readonly BudgetClaim[] _global;
    private readonly bool _hasCallers;
    private readonly bool _hasEndpoints;

    public BudgetIndex(IEnumerable<Budget> budgets)
    {
        Budgets = [.. budgets];
        Validate(Budgets);

        foreach (var budgetsOfKind in Budgets.GroupBy(static budget => budget.Scope.Kind))
            _kinds[(int)budgetsOfKind.Key] = new Kind(budgetsOfKind.Key, [.. budgetsOfKind]);

        _global = [.. Budgets.Where(static budget => budget.Scope.Kind == BudgetScopeKind.Global).Select(static budget => new BudgetClaim(budget, "", false))];
        _hasEndpoints = _kinds[(int)BudgetScopeKind.Model] is not null || _kinds[(int)BudgetScopeKind.Provider] is not null;
        _hasCallers = Budgets.Any(static budget => budget.Scope.Kind is BudgetScopeKind.Key or BudgetScopeKind.User or BudgetScopeKind.Tag or BudgetScopeKind.Session);
        Overcommits = Budgets.Any(static budget => budget.Overcommit > 1);
    }

    public IReadOnlyList<Budget> Budgets { get; }

    /// <summary>Whether any budget holds calls at what they are expected to cost.</summary>
    public bool Overcommits { get; }

    /// <summary>Whether a call may draw on a budget of the endpoint it is made to.</summary>
    public bool HasEndpoints => _hasEndpoints;

    /// <summary>The budgets of whoever asks.</summary>
    public BudgetClaim[] OfCaller(ChatOptions options)
    {
        if (!_hasCallers)
            return _global;

        var claims = new List<BudgetClaim>(_global.Length + 4);
        claims.AddRange(_global);
        Add(claims, BudgetScopeKind.Key, options.GetCaller());
        Add(claims, BudgetScopeKind.User, options.GetUser());
        Add(claims, BudgetScopeKind.Session, options.GetSessionId());
        if (_kinds[(int)BudgetScopeKind.Tag] is not null)
        {
            foreach (var tag in options.GetTags())
                Add(claims, BudgetScopeKind.Tag, tag);
        }

        return [.. claims];
    }

    /// <summary>The budgets of whoever asks, and those of the endpoint called.</summary>
    public BudgetClaim[] OfAttempt(BudgetClaim[] caller, string? model, string provider)
    {
        if (!_hasEndpoints)
            return caller;

        var claims = new List<BudgetClaim>(caller.Length + 2);
        claims.AddRange(caller);
        Add(claims, BudgetScopeKind.Model, model);
        Add(claims, BudgetScopeKind.Provider, provider);
        return [.. claims];
    }

    private void Add(List<BudgetClaim> claims, BudgetScopeKind kind, string? name)
    {
        if (name is null || _kinds[(int)kind] is not { } budgets)
            return;

        // The caller's requests are counted once, when the request begins; those of a model or provider with each attempt.
        var countsRequest = kind is BudgetScopeKind.Model or BudgetScopeKind.Provider;
        if (budgets.Named.TryGetValue(name, out var named))
        {
            foreach (var budget in named)
                claims.Add(new BudgetClaim(budget, "", countsRequest && budget.LimitsRequests));
        }

        if (budgets.ForEach.Length == 0)
            return;
        var subject = BudgetScope.Canonical(kind, name);
        foreach (var budget in budgets.ForEach)
            claims.Add(new BudgetClaim(budget, subject, countsRequest && budget.LimitsRequests));
    }

    private static void Validate(IReadOnlyList<Budget> budgets)
    {
        var errors = budgets.SelectMany(static budget => budget.Errors()).ToList();
        errors.AddRange(budgets
            .GroupBy(static budget => budget.Account, StringComparer.Ordinal)
            .Where(static same => same.Count() > 1)
            .Select(static same => $"There are {same.Count()} budgets {same.First().Scope} with the window {same.First().Window}. Give one of them another window, or combine them."));
        if (errors.Count > 0)
            throw new ArgumentException(string.Join(" ", errors), nameof(budgets));
    }

    private sealed class Kind(BudgetScopeKind kind, Budget[] budgets)
    {
        public Budget[] ForEach { get; } = [.. budgets.Where(static budget => budget.Scope.IsForEach)];

        public Dictionary<string, Budget[]> Named { get; } = budgets
            .Where(static budget => budget.Scope is { IsForEach: false, Name: not null })
            .GroupBy(static budget => budget.Scope.Name!, Comparer(kind))
            .ToDictionary(static named => named.Key, static named => named.ToArray(), Comparer(kind));

        private static StringComparer Comparer(BudgetScopeKind kind) =>
            kind is BudgetScopeKind.User or BudgetScopeKind.Session ? StringComparer.Ordinal : StringComparer.OrdinalIgnoreCase;
    }
}
