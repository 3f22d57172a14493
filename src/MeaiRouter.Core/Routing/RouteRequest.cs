namespace MeaiRouter.Routing;

/// <summary>What a strategy knows about the request besides the candidates.</summary>
/// <param name="Seed">The only source of randomness: the same seed over the same candidates gives the same order.</param>
public readonly record struct RouteRequest(ulong Seed)
{
    /// <summary>Tokens of the prompt, estimated; zero if nobody estimated them.</summary>
    public long PromptTokens { get; init; }

    /// <summary>Tokens of the answer: what the caller allows, or what such answers usually take; zero if nobody knows.</summary>
    public long OutputTokens { get; init; }

    /// <summary>Whether the model may call tools.</summary>
    public bool HasTools { get; init; }

    /// <summary>
    /// Whether the request may find out if an endpoint whose breaker is half-open has recovered. Not where the plan is only explained,
    /// where nothing could take over, or where these candidates come after those of another model.
    /// </summary>
    /// <value>Default: <see langword="true"/>.</value>
    public bool MayProbe { get; init; } = true;
}
