using System.Collections.Frozen;
using Microsoft.Extensions.AI;

namespace MeaiRouter.Routing;

/// <summary>A model to try, and what holds for the attempts at it and for no others. Whatever is left open is as the request says.</summary>
/// <remarks>A plain name is one that leaves everything open: <c>Models = ["acme/small", new ModelFallback("acme/large") { Temperature = 0 }]</c>.</remarks>
public sealed record ModelFallback
{
    /// <summary>Creates an entry that leaves everything open.</summary>
    /// <param name="model">The model as a request may name it: an id, an alias, a family, with or without variant.</param>
    public ModelFallback(string model)
    {
        ArgumentNullException.ThrowIfNull(model);
        Model = model;
    }

    /// <summary>The model as the request names it.</summary>
    public string Model { get; }

    /// <summary>
    /// How to choose among the model's endpoints, field by field in place of the request's; <see langword="null"/> leaves it to the request. It has
    /// neither models nor preset, and its sort does not reach over models.
    /// </summary>
    public RoutingPreferences? Preferences { get; init; }

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

    /// <summary>The texts at which generation stops; empty leaves them to the request.</summary>
    public IReadOnlyList<string> StopSequences { get; init; } = [];

    /// <inheritdoc cref="ChatOptions.Reasoning"/>
    public ReasoningOptions? Reasoning { get; init; }

    /// <summary>Headers sent to the provider, where its client knows <see cref="RequestHeaders.Key"/>. They replace none that the client is configured with.</summary>
    /// <value>Default: none.</value>
    /// <exception cref="ArgumentException">One of them may not be sent, such as <c>Authorization</c>.</exception>
    public IReadOnlyDictionary<string, string> Headers
    {
        get;
        init
        {
            ArgumentNullException.ThrowIfNull(value);
            foreach (var (name, text) in value)
            {
                if (RequestHeaders.Problem(name, text) is { } problem)
                    throw new ArgumentException(problem, nameof(value));
            }

            field = value.ToFrozenDictionary(StringComparer.OrdinalIgnoreCase);
        }
    } = FrozenDictionary<string, string>.Empty;

    /// <summary>A plain name leaves everything open.</summary>
    /// <param name="model">The model as the request names it.</param>
    public static implicit operator ModelFallback(string model) => FromString(model);

    /// <summary>A plain name leaves everything open.</summary>
    /// <param name="model">The model as the request names it.</param>
    public static ModelFallback FromString(string model) => new(model);

    /// <summary>The model as the request names it.</summary>
    public override string ToString() => Model;

    /// <summary>Whether everything is left open.</summary>
    internal bool IsPlain => Preferences is null && !HasParameters;

    private bool HasParameters =>
        Temperature is not null || TopP is not null || TopK is not null || FrequencyPenalty is not null || PresencePenalty is not null
        || MaxOutputTokens is not null || Seed is not null || StopSequences.Count > 0 || Reasoning is not null || Headers.Count > 0;

    /// <summary>Writes what the entry says over what the options say.</summary>
    /// <param name="options">A clone that is nobody else's.</param>
    internal void ApplyTo(ChatOptions options)
    {
        options.Temperature = Temperature ?? options.Temperature;
        options.TopP = TopP ?? options.TopP;
        options.TopK = TopK ?? options.TopK;
        options.FrequencyPenalty = FrequencyPenalty ?? options.FrequencyPenalty;
        options.PresencePenalty = PresencePenalty ?? options.PresencePenalty;
        options.MaxOutputTokens = MaxOutputTokens ?? options.MaxOutputTokens;
        options.Seed = Seed ?? options.Seed;
        options.StopSequences = StopSequences.Count > 0 ? [.. StopSequences] : options.StopSequences;
        options.Reasoning = Reasoning is null ? options.Reasoning : new ReasoningOptions { Effort = Reasoning.Effort, Output = Reasoning.Output };
        if (Headers.Count > 0)
            (options.AdditionalProperties ??= [])[RequestHeaders.Key] = HeadersOver(options.AdditionalProperties);
    }

    private IReadOnlyDictionary<string, string> HeadersOver(AdditionalPropertiesDictionary properties)
    {
        if (!properties.TryGetValue(RequestHeaders.Key, out var value) || value is not IReadOnlyDictionary<string, string> others)
            return Headers;

        var all = new Dictionary<string, string>(others, StringComparer.OrdinalIgnoreCase);
        foreach (var (name, text) in Headers)
            all[name] = text;
        return all;
    }
}
