namespace MeaiRouter.Routing;

/// <summary>The strategies that come with MeaiRouter. After each of them endpoints that are failing or exhausted are moved back.</summary>
public static class RoutingStrategies
{
    /// <summary>
    /// <c>price-weighted</c>: the first endpoint is drawn with the inverse square of its price as weight, the others follow cheapest first;
    /// endpoints with an outage in the last 30 s come last. OpenRouter's classic default.
    /// </summary>
    public static IRoutingStrategy PriceWeighted { get; } = new PriceWeightedStrategy();

    /// <summary>
    /// <c>balanced</c>: draws by price, speed and reliability together, with a small share for every endpoint. OpenRouter's default since 2026.
    /// </summary>
    public static IRoutingStrategy Balanced { get; } = new BalancedStrategy(new BalancedOptions());

    /// <summary><c>price</c>: cheapest first, unpriced ones last.</summary>
    public static IRoutingStrategy Price { get; } = new PriceStrategy();

    /// <summary><c>throughput</c>: most output tokens per second first.</summary>
    public static IRoutingStrategy Throughput { get; } = new ThroughputStrategy();

    /// <summary><c>latency</c>: shortest time to the first content first.</summary>
    public static IRoutingStrategy Latency { get; } = new LatencyStrategy();

    /// <summary><c>weighted</c>: draws in proportion to <see cref="Catalog.ModelEndpoint.Weight"/>.</summary>
    public static IRoutingStrategy Weighted { get; } = new WeightedStrategy();

    /// <summary><c>round-robin</c>: each endpoint of a model in turn. A new one each time, because it counts the turns of its own router.</summary>
    public static IRoutingStrategy RoundRobin => new RoundRobinStrategy();

    /// <summary><c>least-busy</c>: the less loaded of two drawn at random, by latency and attempts in flight.</summary>
    public static IRoutingStrategy LeastBusy { get; } = new LeastBusyStrategy();

    /// <summary>
    /// <c>usage</c>: furthest below <see cref="Catalog.ModelEndpoint.RequestsPerMinute"/> and <see cref="Catalog.ModelEndpoint.TokensPerMinute"/> first.
    /// </summary>
    public static IRoutingStrategy Usage { get; } = new UsageStrategy();

    /// <summary><c>exacto</c>: endpoints that call tools well first, those that fall behind their peers last.</summary>
    public static IRoutingStrategy Exacto { get; } = new ExactoStrategy(new ExactoOptions());

    /// <summary>All of them.</summary>
    public static IReadOnlyList<IRoutingStrategy> All =>
        [PriceWeighted, Balanced, Price, Throughput, Latency, Weighted, RoundRobin, LeastBusy, Usage, Exacto];

    /// <summary>Finds a strategy by its name.</summary>
    /// <param name="name">The name, without regard to case.</param>
    /// <returns>The strategy; <see langword="null"/> if none has the name.</returns>
    public static IRoutingStrategy? Find(string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        return All.FirstOrDefault(strategy => strategy.Name.Equals(name, StringComparison.OrdinalIgnoreCase));
    }

    /// <summary><c>balanced</c> with weights of your own.</summary>
    /// <param name="options">What to weigh, and how.</param>
    public static IRoutingStrategy BalancedBy(BalancedOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        return new BalancedStrategy(options);
    }

    /// <summary><c>exacto</c> with limits of your own.</summary>
    /// <param name="options">When to believe, and what is bad.</param>
    public static IRoutingStrategy ExactoBy(ExactoOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        return new ExactoStrategy(options);
    }
}
