namespace MeaiRouter.Dialects;

/// <summary>Which marks for a prompt cache an endpoint takes.</summary>
public enum CacheMarks
{
    /// <summary>None: it caches by itself or not at all, and marks are removed.</summary>
    None,

    /// <summary>On parts of messages and on tools.</summary>
    OnParts,

    /// <summary>On parts of messages, of which only the last counts.</summary>
    LastPart,

    /// <summary>On parts of the user's and the system's messages, spelled <c>prompt_cache_breakpoint</c>, as OpenAI has them since GPT-5.6.</summary>
    Breakpoints,
}
