using System.Runtime.CompilerServices;
using MeaiRouter.Catalog;

namespace MeaiRouter.Routing;

/// <summary>Each endpoint in turn. After a failure the next in turn follows.</summary>
/// <remarks>Turns are counted for each model of a catalogue, and forgotten with it. They are what a replay of the decision would lack.</remarks>
internal sealed class RoundRobinStrategy : IRoutingStrategy
{
    private readonly ConditionalWeakTable<Model, StrongBox<uint>> _turns = [];

    public string Name => "round-robin";

    public void Order(Span<Candidate> candidates, in RouteRequest request)
    {
        if (candidates.Length < 2)
            return;

        var turn = Interlocked.Increment(ref _turns.GetOrCreateValue(candidates[0].Model).Value) - 1;
        Rotate(candidates, (int)(turn % (uint)candidates.Length));
    }

    // Three reversals move the first ones to the end, in order.
    private static void Rotate(Span<Candidate> candidates, int by)
    {
        candidates[..by].Reverse();
        candidates[by..].Reverse();
        candidates.Reverse();
    }
}
