using MeaiRouter.Budgets;

namespace MeaiRouter.Configuration;

/// <summary>Reads what may be spent, and by whom.</summary>
internal static class BudgetReader
{
    private static readonly string[] Limits = [nameof(Budget.LimitUsd), nameof(Budget.RequestsPerMinute), nameof(Budget.TokensPerMinute), nameof(Budget.Concurrency)];

    /// <summary>Reads the list of budgets.</summary>
    /// <param name="root">The section <c>MeaiRouter</c>.</param>
    /// <param name="models">The ids of the models there are.</param>
    /// <param name="providers">The names of the providers that serve them.</param>
    public static IReadOnlyList<Budget> Read(SectionReader root, IReadOnlyCollection<string> models, IReadOnlyCollection<string> providers)
    {
        var budgets = new List<Budget>();
        foreach (var section in root.Sections("Budgets"))
        {
            if (ReadBudget(section, models, providers) is not { } budget)
                continue;
            if (budgets.Exists(earlier => earlier.Window == budget.Window && string.Equals($"{earlier.Scope}", $"{budget.Scope}", StringComparison.OrdinalIgnoreCase)))
                section.Refuse("Scope", $"there is a budget '{budget.Scope}' with the window {budget.Window} already. Give this one another window, or combine them.");
            else
                budgets.Add(budget);
        }

        return budgets;
    }

    private static Budget? ReadBudget(SectionReader section, IReadOnlyCollection<string> models, IReadOnlyCollection<string> providers)
    {
        var scope = ReadScope(section, models, providers);
        var window = ReadWindow(section);
        var limit = section.Dollars("LimitUsd");
        var soft = section.Flag("Soft");
        var requests = section.Number("RequestsPerMinute", minimum: 1);
        var tokens = section.Number("TokensPerMinute", minimum: 1);
        var concurrency = section.Number("Concurrency", minimum: 1);
        var assumed = section.Dollars("AssumeUsdPerRequest");
        var clamp = section.Number("ClampDownTo", minimum: 1);
        var overcommit = section.Real("Overcommit", 1, 1_000);

        if (!Limits.Any(section.Has))
            section.Refuse("LimitUsd", $"is missing. A budget must limit something: set {string.Join(", ", Limits[..^1])} or {Limits[^1]}.");
        else if (soft is true && !section.Has("LimitUsd"))
            section.Refuse("LimitUsd", "is missing. A soft budget warns of it.");

        return scope is null ? null : new Budget(scope.Value, window)
        {
            LimitUsd = limit,
            Soft = soft is true,
            RequestsPerMinute = requests,
            TokensPerMinute = tokens,
            Concurrency = concurrency,
            AssumeUsdPerRequest = assumed,
            ClampDownTo = clamp,
            Overcommit = (decimal?)overcommit ?? 1,
        };
    }

    private static BudgetScope? ReadScope(SectionReader section, IReadOnlyCollection<string> models, IReadOnlyCollection<string> providers)
    {
        var text = section.RequiredText("Scope");
        if (text is null)
            return null;
        if (!BudgetScope.TryParse(text, out var scope))
        {
            section.Refuse("Scope", $"'{text}' is not a scope. It must be global, or one of key, user, tag, session, model, provider with a name, such as key:team-a or user:*.");
            return null;
        }

        var (kind, known) = scope.Kind switch
        {
            BudgetScopeKind.Model => ("model", models),
            BudgetScopeKind.Provider => ("provider of any model", providers),
            _ => ("", null),
        };
        if (known is not null && !scope.IsForEach && !known.Contains(scope.Name!, StringComparer.OrdinalIgnoreCase))
            section.Refuse("Scope", $"'{scope.Name}' is not a {kind}.{Suggestion.For(scope.Name!, known)}");
        return scope;
    }

    private static BudgetWindow ReadWindow(SectionReader section)
    {
        var text = section.Text("Window");
        if (text is null)
            return BudgetWindow.Lifetime;
        if (BudgetWindow.TryParse(text, out var window))
            return window;

        section.Refuse("Window", $"'{text}' is not a window. It must be daily, weekly, monthly, lifetime, or a length from 1m to 366d such as 24h, which rolls.");
        return window;
    }
}
