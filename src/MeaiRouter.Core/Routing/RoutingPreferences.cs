using MeaiRouter.Policies;

namespace MeaiRouter.Routing;

/// <summary>What one request asks of routing: OpenRouter's <c>provider</c> object and <c>models</c>. Names are compared without regard to case.</summary>
/// <remarks>
/// A slug names endpoints by their tag: <c>google-vertex</c> means all of that provider, <c>google-vertex/us-east5</c> exactly one, as at
/// OpenRouter. Endpoints of a service tier (<c>openai/priority</c>, <c>google-vertex/flex</c>) answer to their whole tag only.
/// </remarks>
public sealed record RoutingPreferences
{
    /// <summary>No preference.</summary>
    public static RoutingPreferences None { get; } = new();

    /// <summary>
    /// Models to try, best first, after <c>ChatOptions.ModelId</c>: plain names, or entries with preferences, parameters and headers of their
    /// own. An entry that names a model again adds what it says to the earlier plain name.
    /// </summary>
    public IReadOnlyList<ModelFallback> Models { get; init; } = [];

    /// <summary>The preset to start from; what the request says itself wins. <see langword="null"/> for none.</summary>
    public string? Preset { get; init; }

    /// <summary>Slugs of the endpoints to try first, in this order; the others follow cheapest first. Switches the strategy off.</summary>
    public IReadOnlyList<string> Order { get; init; } = [];

    /// <summary>The only slugs to use; empty allows all.</summary>
    public IReadOnlyList<string> Only { get; init; } = [];

    /// <summary>Slugs never to use.</summary>
    public IReadOnlyList<string> Ignore { get; init; } = [];

    /// <summary>
    /// Whether endpoints beyond <see cref="Order"/> may be tried; without an order, whether any but the first choice may.
    /// </summary>
    /// <value>Default: <see langword="null"/>, which means yes.</value>
    public bool? AllowFallbacks { get; init; }

    /// <summary>Whether only endpoints known to understand every parameter of the request may be used.</summary>
    /// <value>
    /// Default: <see langword="null"/>, which means no. Even then endpoints known not to understand <c>tools</c>, a response format or
    /// <c>verbosity</c> give way to others of the same model that do.
    /// </value>
    public bool? RequireParameters { get; init; }

    /// <summary>Whether providers may collect what they are sent.</summary>
    /// <value>Default: <see langword="null"/>, which means yes.</value>
    public DataCollection? DataCollection { get; init; }

    /// <summary>Whether only endpoints known to keep nothing may be used (<c>zdr</c>). A preset or a policy that demands it cannot be relaxed.</summary>
    public bool ZeroDataRetention { get; init; }

    /// <summary>Whether only models whose authors are known to allow distillation may be used.</summary>
    /// <value>Default: <see langword="null"/>, which means no.</value>
    public bool? EnforceDistillableText { get; init; }

    /// <summary>
    /// The only precisions to use, such as <c>fp8</c> or <c>unknown</c>; empty allows all. <c>fp4</c> includes <c>mxfp4</c> and
    /// <c>nvfp4</c>, <c>fp8</c> includes <c>mxfp8</c>.
    /// </summary>
    public IReadOnlyList<string> Quantizations { get; init; } = [];

    /// <summary>By what to sort instead of balancing the load; <see langword="null"/> leaves it to the variant or the strategy.</summary>
    public SortPreference? Sort { get; init; }

    /// <summary>The name of one of <see cref="RoutingOptions.Strategies"/>; <see langword="null"/> for the router's. A sort wins over it.</summary>
    public string? Strategy { get; init; }

    /// <summary>Tokens per second; endpoints below are tried last, never left out. <see langword="null"/> for no wish.</summary>
    public PercentileCutoffs? PreferredMinThroughput { get; init; }

    /// <summary>Seconds to the first content; endpoints above are tried last, never left out. <see langword="null"/> for no wish.</summary>
    public PercentileCutoffs? PreferredMaxLatency { get; init; }

    /// <summary>The most an endpoint may charge; <see langword="null"/> for no limit.</summary>
    public PriceCeiling? MaxPrice { get; init; }

    /// <summary>
    /// Whether a conversation too long for an endpoint is compressed from its middle, so that endpoints of down to half the context it needs
    /// may serve it too (OpenRouter's <c>context-compression</c>). Those it fits as it is come first.
    /// </summary>
    /// <value>Default: <see langword="null"/>, as the normalizing layer is set, which does not; without such a layer nothing is compressed.</value>
    public bool? CompressContext { get; init; }

    /// <summary>
    /// Whether an answer that should be JSON and is not quite is mended (OpenRouter's <c>response-healing</c>). It is checked all the same: one that
    /// does not fit and is not mended is a failed attempt.
    /// </summary>
    /// <value>Default: <see langword="null"/>, which means yes.</value>
    public bool? HealAnswers { get; init; }

    /// <summary>These preferences, and those of a preset where these say nothing. Models and strategy are not merged here.</summary>
    internal RoutingPreferences Over(RoutingPreferences preset) => new()
    {
        Order = Order.Count > 0 ? Order : preset.Order,
        Only = Only.Count > 0 ? Only : preset.Only,
        Ignore = Ignore.Count > 0 ? Ignore : preset.Ignore,
        AllowFallbacks = AllowFallbacks ?? preset.AllowFallbacks,
        RequireParameters = RequireParameters ?? preset.RequireParameters,
        DataCollection = DataCollection ?? preset.DataCollection,
        ZeroDataRetention = ZeroDataRetention || preset.ZeroDataRetention,
        EnforceDistillableText = EnforceDistillableText ?? preset.EnforceDistillableText,
        Quantizations = Quantizations.Count > 0 ? Quantizations : preset.Quantizations,
        Sort = Sort ?? preset.Sort,
        PreferredMinThroughput = PreferredMinThroughput ?? preset.PreferredMinThroughput,
        PreferredMaxLatency = PreferredMaxLatency ?? preset.PreferredMaxLatency,
        MaxPrice = MaxPrice ?? preset.MaxPrice,
        CompressContext = CompressContext ?? preset.CompressContext,
        HealAnswers = HealAnswers ?? preset.HealAnswers,
    };
}
