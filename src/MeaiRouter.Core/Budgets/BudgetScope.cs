using System.Diagnostics.CodeAnalysis;

namespace MeaiRouter.Budgets;

/// <summary>Which calls draw on a budget: all of them, those of one key, user, tag, session, model or provider, or those of each such one apart.</summary>
/// <remarks>Users and sessions are told apart by capitals and small letters, all other names are not.</remarks>
public readonly record struct BudgetScope
{
    private const string Each = "*";

    private static readonly BudgetScopeKind[] Kinds = Enum.GetValues<BudgetScopeKind>();

    private BudgetScope(BudgetScopeKind kind, string? name)
    {
        Kind = kind;
        Name = name;
    }

    /// <summary>Every request.</summary>
    public static BudgetScope Global => default;

    /// <summary>What the budget is tied to.</summary>
    public BudgetScopeKind Kind { get; }

    /// <summary>The name; <c>*</c> for a budget for each one, <see langword="null"/> for the global scope.</summary>
    public string? Name { get; }

    /// <summary>Whether each name has a budget of its own, rather than one name or all requests.</summary>
    public bool IsForEach => Name == Each;

    /// <summary>The scope of one name.</summary>
    /// <param name="kind">What the budget is tied to, anything but <see cref="BudgetScopeKind.Global"/>.</param>
    /// <param name="name">The name; <c>*</c> gives each its own budget.</param>
    /// <exception cref="ArgumentException">The name is blank, or the kind is global.</exception>
    public static BudgetScope Of(BudgetScopeKind kind, string name)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(name);
        return kind != BudgetScopeKind.Global ? new(kind, name) : throw new ArgumentException("The global scope has no name.", nameof(kind));
    }

    /// <summary>Reads a scope as configuration writes it: <c>global</c>, <c>key:NAME</c>, <c>user:*</c>, <c>model:ID</c>, ...</summary>
    /// <param name="text">The text.</param>
    /// <exception cref="FormatException">It is not a scope.</exception>
    public static BudgetScope Parse(string text) => TryParse(text, out var scope)
        ? scope
        : throw new FormatException($"'{text}' is not a scope. It must be global, or one of key, user, tag, session, model, provider with a name, such as key:team-a or user:*.");

    /// <summary>Reads a scope as configuration writes it.</summary>
    /// <param name="text">The text.</param>
    /// <param name="scope">The scope.</param>
    /// <returns>Whether it is one.</returns>
    public static bool TryParse([NotNullWhen(true)] string? text, out BudgetScope scope)
    {
        scope = default;
        if (string.Equals(text, nameof(Global), StringComparison.OrdinalIgnoreCase))
            return true;

        var colon = text?.IndexOf(':', StringComparison.Ordinal) ?? -1;
        if (colon < 0 || string.IsNullOrWhiteSpace(text![(colon + 1)..]))
            return false;

        foreach (var kind in Kinds)
        {
            if (kind == BudgetScopeKind.Global || !text.AsSpan(0, colon).Equals(kind.ToString(), StringComparison.OrdinalIgnoreCase))
                continue;
            scope = new BudgetScope(kind, text[(colon + 1)..].Trim());
            return true;
        }

        return false;
    }

    /// <summary>The scope as configuration writes it.</summary>
    public override string ToString() => ToString(Name);

    /// <summary>The scope with another name in place of its own.</summary>
    internal string ToString(string? name) => Kind == BudgetScopeKind.Global ? "global" : $"{WordOf(Kind)}:{name}";

    /// <summary>A name as accounts are told apart by it.</summary>
    internal static string Canonical(BudgetScopeKind kind, string name) =>
        kind is BudgetScopeKind.User or BudgetScopeKind.Session ? name : name.ToLowerInvariant();

    private static string WordOf(BudgetScopeKind kind) => kind switch
    {
        BudgetScopeKind.Key => "key",
        BudgetScopeKind.User => "user",
        BudgetScopeKind.Tag => "tag",
        BudgetScopeKind.Session => "session",
        BudgetScopeKind.Model => "model",
        _ => "provider",
    };
}
