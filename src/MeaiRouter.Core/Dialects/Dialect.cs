using System.Collections.Frozen;

namespace MeaiRouter.Dialects;

/// <summary>How an endpoint deviates from the common chat wire, declared as data: <c>NormalizingChatClient</c> does the rest.</summary>
/// <remarks>
/// The common wire is OpenAI's chat completions as most providers take them. A dialect is a record: start from one that is known, and
/// change what differs with <c>with</c>. Everything a dialect makes the normalizing layer change is noted in the trace.
/// </remarks>
public sealed record Dialect
{
    /// <summary>The dialect of an endpoint about which nothing particular is known.</summary>
    public static Dialect Default { get; } = new("default");

    /// <summary>Creates a dialect with the defaults of every property.</summary>
    /// <param name="name">The name by which configuration refers to it.</param>
    public Dialect(string name)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(name);
        Name = name;
    }

    /// <summary>The name by which configuration, notes and errors refer to the dialect.</summary>
    public string Name { get; init; }

    /// <summary>
    /// Rules for parameters of a request, under the names of the catalogue's <c>supported_parameters</c> (<c>temperature</c>, <c>top_k</c>,
    /// <c>stop</c>, <c>logit_bias</c>, ...). A parameter without a rule goes out as it is.
    /// </summary>
    /// <value>Default: none.</value>
    public IReadOnlyDictionary<string, ParameterRule> Parameters { get; init; } = FrozenDictionary<string, ParameterRule>.Empty;

    /// <summary>What the endpoint demands of the order and the roles of messages. Default: <see cref="MessageRules.Default"/>.</summary>
    public MessageRules Messages { get; init; } = MessageRules.Default;

    /// <summary>What the endpoint takes of tools, their calls and results. Default: <see cref="ToolRules.Default"/>.</summary>
    public ToolRules Tools { get; init; } = ToolRules.Default;

    /// <summary>In which forms the endpoint takes images, files, sound and film. Default: <see cref="MediaRules.Default"/>.</summary>
    public MediaRules Media { get; init; } = MediaRules.Default;

    /// <summary>The formats of answers the endpoint can be held to. Default: <see cref="FormatRules.Default"/>.</summary>
    public FormatRules Formats { get; init; } = FormatRules.Default;

    /// <summary>How the endpoint's reasoning is controlled. Default: <see cref="ReasoningRules.Default"/>.</summary>
    public ReasoningRules Reasoning { get; init; } = ReasoningRules.Default;

    /// <summary>Where the endpoint wants marks for its prompt cache. Default: <see cref="CacheRules.Default"/>.</summary>
    public CacheRules Caching { get; init; } = CacheRules.Default;

    /// <summary>What is to be recognized in the endpoint's answers. Default: <see cref="AnswerRules.Default"/>.</summary>
    public AnswerRules Answers { get; init; } = AnswerRules.Default;

    /// <summary>Variations of the dialect for some of the provider's models; the first that fits counts, its own variations do not.</summary>
    /// <value>Default: none.</value>
    public IReadOnlyList<ModelDialect> Models { get; init; } = [];

    /// <summary>The dialect as one model of the provider speaks it.</summary>
    /// <param name="model">The provider's id of the model.</param>
    /// <returns>The first variation in <see cref="Models"/> that fits; this dialect if none does.</returns>
    public Dialect For(string model)
    {
        ArgumentNullException.ThrowIfNull(model);

        foreach (var variation in Models)
        {
            if (variation.Fits(model))
                return variation.Dialect;
        }

        return this;
    }
}
