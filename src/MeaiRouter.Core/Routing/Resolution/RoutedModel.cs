namespace MeaiRouter.Routing.Resolution;

/// <summary>A model of a request and how its endpoints are to be chosen.</summary>
/// <param name="Model">The model.</param>
/// <param name="Strategy">The strategy that orders its endpoints.</param>
/// <param name="Tiers">The service tiers that the variant admits.</param>
/// <param name="Preferences">The request's preferences, and before them those of its entry for this model.</param>
/// <param name="Override">What the request says for this model alone; <see langword="null"/> for nothing.</param>
internal readonly record struct RoutedModel(
    RoutableModel Model, IRoutingStrategy Strategy, ServiceTiers Tiers, RoutingPreferences Preferences, ModelFallback? Override);
