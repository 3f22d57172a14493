using MeaiRouter.Routing;

namespace MeaiRouter.Normalization;

/// <summary>What a request asks of this layer beyond its options.</summary>
internal static class RequestWishes
{
    /// <summary>The preferences that hold for the model being asked; without a plan, those of the request.</summary>
    public static RoutingPreferences Of(RouteContext context) =>
        context is { Plan: { } plan, Attempt.Model: { } model } ? plan.PreferencesFor(model) : context.Plan?.Preferences ?? context.Preferences;
}
