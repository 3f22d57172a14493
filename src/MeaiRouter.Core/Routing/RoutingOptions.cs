using System.Collections.Frozen;
using MeaiRouter.Affinity;
using MeaiRouter.Catalog;
using MeaiRouter.Health;
using MeaiRouter.Policies;
using Microsoft.Extensions.AI;

namespace MeaiRouter.Routing;

/// <summary>How a <see cref="RouterChatClient"/> routes where the request does not say.</summary>
public sealed class RoutingOptions
{
    /// <summary>The strategy that orders the endpoints of each model.</summary>
    /// <value>Default: <see cref="RoutingStrategies.Balanced"/>.</value>
    public IRoutingStrategy Strategy
    {
        get;
        set
        {
            ArgumentNullException.ThrowIfNull(value);
            field = value;
        }
    } = RoutingStrategies.Balanced;

    /// <summary>The strategies that requests, variants and presets may choose by name.</summary>
    /// <value>Default: <see cref="RoutingStrategies.All"/>.</value>
    public IReadOnlyList<IRoutingStrategy> Strategies
    {
        get;
        set
        {
            ArgumentNullException.ThrowIfNull(value);
            field = value;
        }
    } = RoutingStrategies.All;

    /// <summary>Named starting points for requests, by name without regard to case.</summary>
    /// <value>Default: none.</value>
    public IReadOnlyDictionary<string, Preset> Presets
    {
        get;
        set
        {
            ArgumentNullException.ThrowIfNull(value);
            field = value;
        }
    } = FrozenDictionary<string, Preset>.Empty;

    /// <summary>What every request must satisfy; <see langword="null"/> for no restriction.</summary>
    /// <value>Default: <see langword="null"/>.</value>
    public RoutingPolicy? Policy { get; set; }

    /// <summary>Counts tokens where a prompt may exceed a context; <see langword="null"/> estimates them at four characters each.</summary>
    /// <value>Default: <see langword="null"/>.</value>
    public ITokenCounter? TokenCounter { get; set; }

    /// <summary>The model of requests that name none; <see langword="null"/> refuses them.</summary>
    /// <value>Default: <see langword="null"/>.</value>
    public string? DefaultModel { get; set; }

    /// <summary>What is known about the endpoints; share it among routers that call the same ones.</summary>
    /// <value>Default: a board of its own.</value>
    public HealthBoard Health
    {
        get;
        set
        {
            ArgumentNullException.ThrowIfNull(value);
            field = value;
        }
    } = new();

    /// <summary>How conversations stay with the endpoint whose prompt cache holds them. A request with an order of its own does not.</summary>
    /// <value>Default: on.</value>
    public AffinityOptions Affinity
    {
        get;
        set
        {
            ArgumentNullException.ThrowIfNull(value);
            field = value;
        }
    } = new();

    /// <summary>
    /// Decides, before the plan is made, what to try first: a <c>RoutingChatClient</c> of Microsoft.Extensions.AI, or any other client
    /// that hands each request on to one of several, with an <see cref="EndpointChoice"/> in the place of each. The router does not
    /// dispose it, and what it throws fails the request.
    /// </summary>
    /// <remarks>
    /// It chooses among the models that a request names, or freely where the request names none, and the endpoint if it wants. What else
    /// the plan holds follows. What it changes in the options is not taken over. The trace notes the choice.
    /// </remarks>
    /// <value>Default: <see langword="null"/>, the strategy alone decides. The router does not dispose it.</value>
    public IChatClient? Selector { get; set; }

    /// <summary>The router whose place the new one takes: conversations stay where they are, and its keys are those the board knows until <see cref="RouterChatClient.RegisterKeys"/>. Not kept.</summary>
    internal RouterChatClient? Predecessor { get; set; }

    /// <summary>Where the seed of each decision comes from. The trace records it, and the same seed repeats the decision.</summary>
    /// <value>Default: <see cref="Random.Shared"/>.</value>
    public Func<ulong> NextSeed
    {
        get;
        set
        {
            ArgumentNullException.ThrowIfNull(value);
            field = value;
        }
    } = static () => (ulong)Random.Shared.NextInt64();

    /// <summary>What matters of them for people.</summary>
    internal string ToText(ModelCatalog catalog) => string.Join(", ", ((string?[])
    [
        $"strategy {Strategy.Name}",
        SettingsText.Count(catalog.Models.Count, "model"),
        SettingsText.Count(catalog.Models.Sum(static model => model.Endpoints.Count), "endpoint"),
        DefaultModel is { } model ? $"default model {model}" : "no default model",
        catalog.Aliases.Count > 0 ? SettingsText.Count(catalog.Aliases.Count, "alias", "aliases") : null,
        Presets.Count > 0 ? SettingsText.Count(Presets.Count, "preset") : null,
        Policy is { } policy ? $"policy {policy.Name}" : null,
        Selector is { } selector ? $"selector {selector.GetType().Name}" : null,
    ]).OfType<string>());
}
