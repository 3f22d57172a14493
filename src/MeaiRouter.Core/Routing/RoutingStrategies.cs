namespace MeaiRouter.Routing;

/// <summary>The strategies that come with MeaiRouter.</summary>
public static class RoutingStrategies
{
    /// <summary>
    /// <c>price-weighted</c>: the first endpoint is drawn with the inverse square of its price as weight, the others follow cheapest first.
    /// </summary>
    public static IRoutingStrategy PriceWeighted { get; } = new PriceWeightedStrategy();

    /// <summary>All of them.</summary>
    public static IReadOnlyList<IRoutingStrategy> All { get; } = [PriceWeighted];
}
