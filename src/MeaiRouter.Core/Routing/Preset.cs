using Microsoft.Extensions.AI;

namespace MeaiRouter.Routing;

/// <summary>A named starting point for requests: models, routing, instructions and sampling. What a request says itself wins.</summary>
/// <remarks>Asked for as <c>@preset/name</c>, <c>author/slug@preset/name</c> or <see cref="RoutingPreferences.Preset"/>.</remarks>
public sealed record Preset
{
    /// <summary>The models to try, best first, where the request names none; empty leaves the router's default.</summary>
    public IReadOnlyList<string> Models { get; init; } = [];

    /// <summary>How to route. <see cref="RoutingPreferences.Models"/> and <see cref="RoutingPreferences.Preset"/> must be unset.</summary>
    public RoutingPreferences Preferences { get; init; } = RoutingPreferences.None;

    /// <summary>The system prompt where the request has none; <see langword="null"/> for none.</summary>
    public string? System { get; init; }

    /// <inheritdoc cref="ChatOptions.Temperature"/>
    public float? Temperature { get; init; }

    /// <inheritdoc cref="ChatOptions.TopP"/>
    public float? TopP { get; init; }

    /// <inheritdoc cref="ChatOptions.TopK"/>
    public int? TopK { get; init; }

    /// <inheritdoc cref="ChatOptions.FrequencyPenalty"/>
    public float? FrequencyPenalty { get; init; }

    /// <inheritdoc cref="ChatOptions.PresencePenalty"/>
    public float? PresencePenalty { get; init; }

    /// <inheritdoc cref="ChatOptions.MaxOutputTokens"/>
    public int? MaxOutputTokens { get; init; }

    /// <inheritdoc cref="ChatOptions.Seed"/>
    public long? Seed { get; init; }

    /// <inheritdoc cref="ChatOptions.StopSequences"/>
    public IReadOnlyList<string> StopSequences { get; init; } = [];

    /// <inheritdoc cref="ChatOptions.ResponseFormat"/>
    public ChatResponseFormat? ResponseFormat { get; init; }

    /// <inheritdoc cref="ChatOptions.Reasoning"/>
    public ReasoningOptions? Reasoning { get; init; }

    /// <summary>Tools offered besides the request's; of two with the same name the request's stays.</summary>
    public IReadOnlyList<AITool> Tools { get; init; } = [];

    /// <summary>
    /// Whether the response cache is used: <see langword="false"/> wins over what the request says, <see langword="true"/> holds where it says
    /// nothing, as at OpenRouter. <see langword="null"/> leaves it to the request and the layer.
    /// </summary>
    public bool? CacheEnabled { get; init; }

    /// <summary>How long the response cache keeps the answer, where the request does not say; <see langword="null"/> leaves it to the layer.</summary>
    public TimeSpan? CacheTimeToLive { get; init; }

    /// <summary>A clone of the options in which the preset fills what they leave open.</summary>
    internal ChatOptions ApplyTo(ChatOptions? options, IReadOnlyList<ChatMessage> messages)
    {
        var filled = options is null ? new ChatOptions() : RouteContext.Copy(options);
        if (string.IsNullOrEmpty(filled.Instructions) && !messages.Any(static message => message.Role == ChatRole.System))
            filled.Instructions = System;
        filled.Temperature ??= Temperature;
        filled.TopP ??= TopP;
        filled.TopK ??= TopK;
        filled.FrequencyPenalty ??= FrequencyPenalty;
        filled.PresencePenalty ??= PresencePenalty;
        filled.MaxOutputTokens ??= MaxOutputTokens;
        filled.Seed ??= Seed;
        filled.ResponseFormat ??= ResponseFormat;
        filled.Reasoning ??= Reasoning is null ? null : new ReasoningOptions { Effort = Reasoning.Effort, Output = Reasoning.Output };
        if (filled.StopSequences is not { Count: > 0 } && StopSequences.Count > 0)
            filled.StopSequences = [.. StopSequences];

        // A new list: clones of options may share the caller's.
        if (Tools.Count > 0)
            filled.Tools = [.. filled.Tools ?? [], .. Tools.Where(tool => filled.Tools?.Any(own => own.Name == tool.Name) != true)];
        return filled;
    }
}
