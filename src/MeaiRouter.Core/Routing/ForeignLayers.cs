using Microsoft.Extensions.AI;

namespace MeaiRouter.Routing;

/// <summary>Layers of Microsoft.Extensions.AI that lose money or run tools twice in the wrong place, known by name: their package is not needed here.</summary>
internal static class ForeignLayers
{
    // A subclass may mark its hits as AnswerProperties.CacheHit and then is priced right.
    private const string Cache = "Microsoft.Extensions.AI.DistributedCachingChatClient";

    // Semantic Kernel derives its own from it.
    private const string ToolInvoker = "Microsoft.Extensions.AI.FunctionInvokingChatClient";

    /// <summary>A cache gives the usage of a kept answer as if it had been spent again.</summary>
    /// <exception cref="InvalidOperationException">One is inside.</exception>
    public static void RefuseCacheInside(IChatClient outer, IChatClient inner)
    {
        if (Find(inner, Cache, orDerived: false) is { } cache)
            throw new InvalidOperationException(
                $"{cache} must be outside {outer.GetType().Name}, but the pipeline has it inside; what it answers again would be charged again. " +
                $"Add it to the builder before {outer.GetType().Name}, or use ResponseCacheChatClient in its place.");
    }

    /// <summary>Whoever tries again after tools have run runs them twice.</summary>
    /// <exception cref="InvalidOperationException">A layer that invokes tools is inside.</exception>
    public static void RefuseToolInvokerInside(IChatClient outer, IChatClient inner)
    {
        if (Find(inner, ToolInvoker, orDerived: true) is { } invoker)
            throw new InvalidOperationException(
                $"{invoker} must be outside {outer.GetType().Name}, but the pipeline has it inside; the next attempt would run tools again that have run. " +
                $"Add it to the builder before {outer.GetType().Name}, and give the pipeline clients of providers that invoke no tools themselves.");
    }

    private static string? Find(IChatClient inner, string fullName, bool orDerived) =>
        PipelineWalk.Everything(inner).FirstOrDefault(client => PipelineWalk.Is(client, fullName, orDerived))?.GetType().Name;
}
