namespace MeaiRouter.Routing;

/// <summary>When a key of the caller's own is used, as at OpenRouter.</summary>
public enum ProviderKeyUse
{
    /// <summary>Before every endpoint that is called with keys of its provider's own, even where the request orders the endpoints.</summary>
    Prioritized,

    /// <summary>After all those endpoints.</summary>
    Fallback,

    /// <summary>Like <see cref="Prioritized"/>, and the provider is never called with keys of its own.</summary>
    Always,
}
