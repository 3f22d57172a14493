using MeaiRouter.Health;

namespace MeaiRouter.Routing;

/// <summary>How a <see cref="RouterChatClient"/> routes where the request does not say.</summary>
public sealed class RoutingOptions
{
    /// <summary>The strategy that orders the endpoints of each model.</summary>
    /// <value>Default: <see cref="RoutingStrategies.PriceWeighted"/>.</value>
    public IRoutingStrategy Strategy
    {
        get;
        set
        {
            ArgumentNullException.ThrowIfNull(value);
            field = value;
        }
    } = RoutingStrategies.PriceWeighted;

    /// <summary>The model of requests that name none; <see langword="null"/> refuses them.</summary>
    /// <value>Default: <see langword="null"/>.</value>
    public string? DefaultModel { get; set; }

    /// <summary>What is known about the endpoints; share it among routers that call the same ones.</summary>
    /// <value>Default: a board of its own.</value>
    public HealthBoard Health
    {
        get;
        set
        {
            ArgumentNullException.ThrowIfNull(value);
            field = value;
        }
    } = new();

    /// <summary>Where the seed of each decision comes from. The trace records it, and the same seed repeats the decision.</summary>
    /// <value>Default: <see cref="Random.Shared"/>.</value>
    public Func<ulong> NextSeed
    {
        get;
        set
        {
            ArgumentNullException.ThrowIfNull(value);
            field = value;
        }
    } = static () => (ulong)Random.Shared.NextInt64();
}
