namespace MeaiRouter.Routing.Resolution;

/// <summary>A model of a request and how its endpoints are to be chosen.</summary>
/// <param name="Model">The model.</param>
/// <param name="Strategy">The strategy that orders its endpoints.</param>
/// <param name="Tiers">The service tiers that the variant admits.</param>
internal readonly record struct RoutedModel(RoutableModel Model, IRoutingStrategy Strategy, ServiceTiers Tiers);
