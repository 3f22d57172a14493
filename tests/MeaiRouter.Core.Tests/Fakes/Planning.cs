using MeaiRouter.Routing;

namespace MeaiRouter.Core.Tests.Fakes;

internal static class Planning
{
    /// <summary>Plans a request of which only the model, the preferences and the seed matter.</summary>
    public static RoutePlan Plan(this RoutePlanner planner, string? model, RoutingPreferences preferences, ulong seed) => planner.Plan(new PlanRequest
    {
        ModelId = model, Preferences = preferences, Seed = seed, Messages = [], Policies = [], DataClasses = [],
    });
}
