namespace MeaiRouter.Catalog;

/// <summary>A suffix that any model id takes and that says how to choose among its endpoints.</summary>
public enum RoutingVariant
{
    /// <summary><c>:nitro</c>: fastest first, and endpoints of the <c>priority</c> service tier are admitted.</summary>
    Nitro,

    /// <summary><c>:floor</c>: cheapest first, and endpoints of the <c>flex</c> service tier are admitted.</summary>
    Floor,

    /// <summary><c>:exacto</c>: the endpoints that call tools best first.</summary>
    Exacto,
}
