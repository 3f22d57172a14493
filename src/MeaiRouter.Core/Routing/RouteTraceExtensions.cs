using MeaiRouter.Attempts;
using MeaiRouter.Pricing;
using MeaiRouter.Routing;

namespace Microsoft.Extensions.AI;

/// <summary>Reads route and cost from answers.</summary>
public static class RouteTraceExtensions
{
    /// <summary>How the answer came about; <see langword="null"/> if no layer of MeaiRouter took part.</summary>
    /// <param name="response">The answer.</param>
    public static RouteTrace? GetRouteTrace(this ChatResponse response)
    {
        ArgumentNullException.ThrowIfNull(response);
        return Trace(response.AdditionalProperties);
    }

    /// <summary>How the answer came about; <see langword="null"/> on all but the last update of a stream.</summary>
    /// <param name="update">An update of a stream.</param>
    public static RouteTrace? GetRouteTrace(this ChatResponseUpdate update)
    {
        ArgumentNullException.ThrowIfNull(update);
        return Trace(update.AdditionalProperties);
    }

    /// <summary>How the embeddings came about; <see langword="null"/> if no layer of MeaiRouter took part.</summary>
    /// <param name="embeddings">The embeddings.</param>
    public static RouteTrace? GetRouteTrace(this GeneratedEmbeddings<Embedding<float>> embeddings)
    {
        ArgumentNullException.ThrowIfNull(embeddings);
        return Trace(embeddings.AdditionalProperties);
    }

    /// <summary>The attempt whose answer begins here; <see langword="null"/> on all but the first update of a stream.</summary>
    /// <param name="update">An update of a stream.</param>
    public static RouteAttempt? GetRouteAttempt(this ChatResponseUpdate update)
    {
        ArgumentNullException.ThrowIfNull(update);
        return update.AdditionalProperties?.TryGetValue(AnswerProperties.RouteAttempt, out var value) == true ? value as RouteAttempt : null;
    }

    /// <summary>What the response cache had to do with the answer that begins here; <see langword="null"/> on all but the first update of a stream.</summary>
    /// <param name="update">An update of a stream.</param>
    public static CacheUse? GetCacheUse(this ChatResponseUpdate update)
    {
        ArgumentNullException.ThrowIfNull(update);
        return update.AdditionalProperties?.TryGetValue(AnswerProperties.CacheUse, out var value) == true ? value as CacheUse : null;
    }

    /// <summary>What the answer cost with all its attempts; <see langword="null"/> if it is unpriced or nobody tracks costs.</summary>
    /// <param name="response">The answer.</param>
    public static NanoUsd? GetCost(this ChatResponse response) => response.GetRouteTrace()?.Cost;

    /// <summary>What the embeddings cost with all attempts; <see langword="null"/> if they are unpriced or nobody tracks costs.</summary>
    /// <param name="embeddings">The embeddings.</param>
    public static NanoUsd? GetCost(this GeneratedEmbeddings<Embedding<float>> embeddings) => embeddings.GetRouteTrace()?.Cost;

    /// <summary>What the answer cost with all its attempts; <see langword="null"/> on all but the last update of a stream.</summary>
    /// <param name="update">An update of a stream.</param>
    public static NanoUsd? GetCost(this ChatResponseUpdate update) => update.GetRouteTrace()?.Cost;

    private static RouteTrace? Trace(AdditionalPropertiesDictionary? properties) =>
        properties?.TryGetValue(AnswerProperties.RouteTrace, out var value) == true ? value as RouteTrace : null;
}
