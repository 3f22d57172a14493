using MeaiRouter.Catalog;

namespace MeaiRouter.Routing;

/// <summary>What a request says for one of its models alone.</summary>
/// <param name="Model">The model.</param>
/// <param name="Override">The request's entry for it.</param>
/// <param name="Preferences">The request's preferences, and before them those of the entry.</param>
internal sealed record ModelTerms(Model Model, ModelFallback Override, RoutingPreferences Preferences);
