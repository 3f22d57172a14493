namespace MeaiRouter.Routing;

/// <summary>By what endpoints are sorted instead of balancing the load among them.</summary>
public enum EndpointSort
{
    /// <summary>Cheapest first: the strategy <c>price</c>.</summary>
    Price,

    /// <summary>Most tokens per second first: the strategy <c>throughput</c>.</summary>
    Throughput,

    /// <summary>Shortest time to the first content first: the strategy <c>latency</c>.</summary>
    Latency,

    /// <summary>Best tool calls first: the strategy <c>exacto</c>.</summary>
    Exacto,
}
