using Microsoft.Extensions.AI;

namespace MeaiRouter.Attempts;

/// <summary>Names under which facts about an answer travel in <c>AdditionalProperties</c> of responses and updates.</summary>
public static class AnswerProperties
{
    /// <summary>The finish reason in the provider's own words (<see cref="string"/>), on the response or the update that carries the finish reason.</summary>
    public const string NativeFinishReason = "native_finish_reason";

    /// <summary>The attempt that answers (<see cref="Attempts.RouteAttempt"/>), on the first update of a stream.</summary>
    public const string RouteAttempt = "meairouter.attempt";

    /// <summary>What the response cache had to do with the answer (<c>CacheUse</c>), on the first update of a stream.</summary>
    public const string CacheUse = "meairouter.cache";

    /// <summary>
    /// The endpoint that called a tool (<see cref="string"/>, <c>MODEL@TAG</c>), on the message or the update that holds the call. Kept with the message,
    /// also as JSON, it brings the result back to that endpoint from a history that outlived the router, or that another process began.
    /// </summary>
    public const string IssuedBy = "meairouter.issued_by";

    /// <summary>The route trace, on the response or on the last update of a stream.</summary>
    public const string RouteTrace = "meairouter.trace";

    /// <summary>The service tier in which the provider served the answer (<see cref="string"/>), as OpenAI's wire names it.</summary>
    public const string ServiceTier = "service_tier";

    /// <summary>
    /// The provider that made a reasoning (<see cref="string"/>), on its content, or on a tool call that carries a signature: what is signed or
    /// encrypted in it is good for that provider alone.
    /// </summary>
    public const string ReasoningOrigin = "reasoning_origin";

    /// <summary>
    /// The arguments of a tool call as the provider wrote them (<see cref="string"/>), on a <c>FunctionCallContent</c> whose <c>Exception</c> says
    /// that they are no JSON object: the normalizing layer mends them from it.
    /// </summary>
    public const string RawArguments = "raw_arguments";

    /// <summary>
    /// <see langword="true"/> on an answer that a cache gave, on the response or on the first update of a stream: whoever caches inside
    /// cost tracking sets it, and the answer then costs nothing.
    /// </summary>
    public const string CacheHit = "meairouter.cache_hit";

    internal static bool IsCacheHit(AdditionalPropertiesDictionary? properties) =>
        properties is not null && properties.TryGetValue(CacheHit, out var hit) && hit is true;
}
