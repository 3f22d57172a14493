using MeaiRouter.Affinity;
using MeaiRouter.Pricing;

namespace MeaiRouter.Routing;

/// <summary>Moves the endpoint a conversation is at home at to the front of a plan, where that is expected to pay.</summary>
internal static class AffinityOrder
{
    public static RoutePlan Apply(RoutePlan plan, ConversationTurn turn, RouteContext context)
    {
        if (turn.Issuer is { } issuer && IndexOf(plan, issuer) is var index and >= 0 && plan.MayStay(plan.Candidates[index].Model))
            return ReturnResult(plan, index, context);

        for (var i = 0; i < plan.Candidates.Count; i++)
        {
            var model = plan.Candidates[i].Model;
            if (IsFirst(plan, i) && plan.MayStay(model) && turn.FindPin(model) is { } pin
                && IndexOf(plan, pin.Endpoint, plan.SectionOf(i)) is var pinned && pinned > i && IsAvailable(plan, pinned))
                plan = Prefer(plan, pin, pinned, i, context);
        }

        return plan;
    }

    // Ids and signatures of a call mean most to the endpoint that issued it, whatever another would cost.
    private static RoutePlan ReturnResult(RoutePlan plan, int issuer, RouteContext context)
    {
        if (issuer == 0 || !IsAvailable(plan, issuer))
            return plan;

        context.Note($"Affinity: the tool result goes to {plan.Candidates[issuer].Endpoint}, which issued the call.");
        return plan.Advance(issuer, 0);
    }

    private static RoutePlan Prefer(RoutePlan plan, Pin pin, int pinned, int first, RouteContext context)
    {
        var (home, other) = (plan.Candidates[pinned].Endpoint, plan.Candidates[first].Endpoint);
        var warm = home.Price?.CostOf(pin.Warm);
        var cold = other.Price?.CostOf(pin.Cold);
        var yields = cold < warm;

        context.Note(yields
            ? $"Affinity yields to {other}: expected {Told(cold)} cold there, {Told(warm)} at {home} with what its cache holds."
            : $"Affinity keeps {home}: expected {Told(warm)} with what its cache holds, {Told(cold)} cold at {other}.");
        return yields ? plan : plan.Advance(pinned, first);
    }

    // A cache is worth nothing at an endpoint that does not answer.
    private static bool IsAvailable(RoutePlan plan, int index) => plan.Candidates[index].Health.AvailableIn <= TimeSpan.Zero;

    private static string Told(NanoUsd? cost) => cost?.ToString() ?? "an unknown price";

    // Of its model, among those that it may pass: a caller's key goes before every cache.
    private static bool IsFirst(RoutePlan plan, int index)
    {
        for (var i = index - 1; i >= 0; i--)
        {
            if (ReferenceEquals(plan.Candidates[i].Model, plan.Candidates[index].Model) && plan.SectionOf(i) == plan.SectionOf(index))
                return false;
        }

        return true;
    }

    private static int IndexOf(RoutePlan plan, EndpointName name, KeySection? section = null)
    {
        for (var i = 0; i < plan.Candidates.Count; i++)
        {
            if (name.Names(plan.Candidates[i].Model, plan.Candidates[i].Endpoint) && (section is null || plan.SectionOf(i) == section))
                return i;
        }

        return -1;
    }
}
