namespace MeaiRouter.Budgets;

/// <summary>What a budget is tied to.</summary>
public enum BudgetScopeKind
{
    /// <summary>Every request.</summary>
    Global,

    /// <summary>The caller named by <c>options.WithCaller(...)</c>; in the gateway, the key.</summary>
    Key,

    /// <summary>The end user named by <c>options.WithUser(...)</c>.</summary>
    User,

    /// <summary>A tag given by <c>options.WithTag(...)</c>.</summary>
    Tag,

    /// <summary>The session named by <c>options.WithSessionId(...)</c>.</summary>
    Session,

    /// <summary>The model that is called, by its id in the catalogue; without one, by the name the request gives it.</summary>
    Model,

    /// <summary>The provider that is called.</summary>
    Provider,
}
