namespace MeaiRouter.Routing;

/// <summary>What a strategy knows about the request besides the candidates.</summary>
/// <param name="Seed">The only source of randomness: the same seed over the same candidates gives the same order.</param>
public readonly record struct RouteRequest(ulong Seed)
{
    /// <summary>Tokens of the prompt, estimated.</summary>
    public long PromptTokens { get; init; }

    /// <summary>Tokens of the answer: what the caller allows, or what such answers usually take.</summary>
    public long OutputTokens { get; init; }

    /// <summary>Whether the model may call tools.</summary>
    public bool HasTools { get; init; }
}
