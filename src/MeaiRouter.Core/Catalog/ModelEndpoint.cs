using MeaiRouter.Dialects;
using MeaiRouter.Pricing;

namespace MeaiRouter.Catalog;

/// <summary>One provider's offer of a model: where it is served, under which name, for how much, and with which limits.</summary>
public sealed record ModelEndpoint
{
    // LiteLLM's supports_assistant_prefill in the spelling of OpenRouter's other parameters.
    internal const string PrefillParameter = "assistant_prefill";

    /// <summary>Creates an endpoint.</summary>
    /// <param name="provider">The name of the provider, as the terminal client knows it.</param>
    /// <param name="model">The provider's own id of the model, sent upstream as <c>model</c>.</param>
    public ModelEndpoint(string provider, string model)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(provider);
        ArgumentException.ThrowIfNullOrWhiteSpace(model);

        Provider = provider;
        Model = model;
        Tag = provider;
        Dialect = Dialect.Default;
    }

    /// <summary>The name of the provider.</summary>
    public string Provider { get; }

    /// <summary>The provider's own id of the model.</summary>
    public string Model { get; }

    /// <summary>The slug that tells this endpoint from others of the same provider, such as <c>google-vertex/us-east5</c>.</summary>
    /// <value>Default: the provider's name.</value>
    public string Tag { get; init; }

    /// <summary>What the endpoint charges; <see langword="null"/> means unpriced, which is never the same as free.</summary>
    public Price? Price { get; init; }

    /// <summary>Where <see cref="Price"/> comes from; <see langword="null"/> if whoever set it did not say.</summary>
    public PriceSource? PriceSource { get; init; }

    /// <summary>Tokens of prompt and answer together; <see langword="null"/> where the model's own limit applies.</summary>
    public int? ContextLength { get; init; }

    /// <summary>Tokens of an answer; <see langword="null"/> where the model's own limit applies.</summary>
    public int? MaxOutputTokens { get; init; }

    /// <summary>The precision of the weights, such as <c>fp8</c>; <see langword="null"/> if unknown.</summary>
    public string? Quantization { get; init; }

    /// <summary>
    /// The request parameters the endpoint understands; empty if unknown. One of them, <c>assistant_prefill</c>, says that it continues a
    /// last message of the assistant instead of answering it.
    /// </summary>
    public IReadOnlyList<string> SupportedParameters { get; init; } = [];

    /// <summary>
    /// The request parameters the endpoint is known to understand: <see cref="SupportedParameters"/>, or where those are unknown what its
    /// <see cref="Dialect"/> takes. Empty if that too says nothing. What <c>require_parameters</c> and listings go by.
    /// </summary>
    public IReadOnlyList<string> KnownParameters => SupportedParameters.Count > 0 ? SupportedParameters : TakenParameters.Of(Dialect);

    /// <summary>The kinds of input the endpoint takes, narrower than the model's; empty where the model's apply.</summary>
    public IReadOnlyList<string> InputModalities { get; init; } = [];

    /// <summary>The regions in which the endpoint computes, such as <c>eu</c>; empty if unknown.</summary>
    public IReadOnlyList<string> Regions { get; init; } = [];

    /// <summary>What the provider does with prompts and answers; <see langword="null"/> if unknown.</summary>
    public DataPolicy? DataPolicy { get; init; }

    /// <summary>The share of traffic relative to the model's other endpoints, for strategies that weigh.</summary>
    /// <value>Default: 1.</value>
    public int Weight { get; init; } = 1;

    /// <summary>Requests the provider allows each minute; <see langword="null"/> if unknown. Strategies weigh by it, nothing enforces it.</summary>
    public int? RequestsPerMinute { get; init; }

    /// <summary>Tokens the provider allows each minute; <see langword="null"/> if unknown. Strategies weigh by it, nothing enforces it.</summary>
    public int? TokensPerMinute { get; init; }

    /// <summary>Attempts the endpoint is sent at once; <see langword="null"/> where the fallback layer's <c>Load.MaxConcurrency</c> applies.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is less than 1.</exception>
    public int? MaxConcurrency
    {
        get;
        init
        {
            if (value is { } limit)
                ArgumentOutOfRangeException.ThrowIfLessThan(limit, 1, nameof(MaxConcurrency));
            field = value;
        }
    }

    /// <summary>Requests that may wait while <see cref="MaxConcurrency"/> is reached; <see langword="null"/> where the fallback layer's <c>Load.QueueLimit</c> applies.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is negative.</exception>
    public int? QueueLimit
    {
        get;
        init
        {
            if (value is { } limit)
                ArgumentOutOfRangeException.ThrowIfNegative(limit, nameof(QueueLimit));
            field = value;
        }
    }

    /// <summary>Endpoints with the same value draw on one quota; <see langword="null"/> for a quota of its own.</summary>
    public string? QuotaDomain { get; init; }

    /// <summary>How requests must be written for this endpoint and how its answers are to be read.</summary>
    /// <value>Default: <see cref="Dialect.Default"/>. Of a dialect with variations for models, that of <see cref="Model"/> is kept.</value>
    public Dialect Dialect
    {
        get;
        init => field = value.For(Model);
    }

    /// <summary>Whether the endpoint is known to continue a last message of the assistant.</summary>
    internal bool TakesPrefill => SupportedParameters.Contains(PrefillParameter, StringComparer.OrdinalIgnoreCase);

    /// <summary>The tag and the provider's model id.</summary>
    public override string ToString() => $"{Tag}/{Model}";
}
