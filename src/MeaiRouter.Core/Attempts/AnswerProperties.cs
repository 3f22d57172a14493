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

    /// <summary>The route trace, on the response or on the last update of a stream.</summary>
    public const string RouteTrace = "meairouter.trace";
}
