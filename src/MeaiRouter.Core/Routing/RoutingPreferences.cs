namespace MeaiRouter.Routing;

/// <summary>What one request asks of routing. Every list compares names without regard to case.</summary>
/// <remarks>
/// A slug names endpoints by their tag: <c>google-vertex</c> means all of that provider, <c>google-vertex/us-east5</c> exactly one,
/// as at OpenRouter.
/// </remarks>
public sealed record RoutingPreferences
{
    /// <summary>No preference.</summary>
    public static RoutingPreferences None { get; } = new();

    /// <summary>Models to try, best first, after <c>ChatOptions.ModelId</c>.</summary>
    public IReadOnlyList<string> Models { get; init; } = [];

    /// <summary>Slugs of the endpoints to try first, in this order; the others follow cheapest first. Switches the strategy off.</summary>
    public IReadOnlyList<string> Order { get; init; } = [];

    /// <summary>The only slugs to use; empty allows all.</summary>
    public IReadOnlyList<string> Only { get; init; } = [];

    /// <summary>Slugs never to use.</summary>
    public IReadOnlyList<string> Ignore { get; init; } = [];

    /// <summary>
    /// Whether endpoints beyond <see cref="Order"/> may be tried; without an order, whether any but the first choice may.
    /// </summary>
    /// <value>Default: <see langword="true"/>.</value>
    public bool AllowFallbacks { get; init; } = true;
}
