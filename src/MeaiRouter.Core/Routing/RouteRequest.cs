namespace MeaiRouter.Routing;

/// <summary>What a strategy knows about the request besides the candidates.</summary>
/// <param name="Seed">The only source of randomness: the same seed over the same candidates gives the same order.</param>
public readonly record struct RouteRequest(ulong Seed);
