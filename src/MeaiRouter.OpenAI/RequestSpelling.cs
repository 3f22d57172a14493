using System.Collections.Frozen;
using System.Text.Json;

namespace MeaiRouter.OpenAI;

/// <summary>Where providers of the same wire spell the same thing differently. What they take at all is said by their dialect.</summary>
public sealed record RequestSpelling
{
    /// <summary>What most providers understand.</summary>
    public static RequestSpelling Default { get; } = new();

    /// <summary>Whether the output limit is sent as <c>max_completion_tokens</c>, which OpenAI's reasoning models insist on.</summary>
    /// <value>Default: <see langword="false"/>, it is sent as <c>max_tokens</c>.</value>
    public bool MaxCompletionTokens { get; init; }

    /// <summary>How reasoning that came over this wire goes back.</summary>
    /// <value>Default: <see cref="ReasoningSpelling.AsItCame"/>.</value>
    public ReasoningSpelling Reasoning { get; init; }

    /// <summary>In which fields the provider is told how much to reason. Default: <see cref="ReasoningControlSpelling.Default"/>.</summary>
    public ReasoningControlSpelling ReasoningControl { get; init; } = ReasoningControlSpelling.Default;

    /// <summary>
    /// The provider's names for fields of the request, such as <c>random_seed</c> for <c>seed</c>. A name with dots is a path into
    /// objects. What already stands under the provider's name stays.
    /// </summary>
    /// <value>Default: none.</value>
    public IReadOnlyDictionary<string, string> Renames { get; init; } = FrozenDictionary<string, string>.Empty;

    /// <summary>Fields that every request holds, unless it says something else in them. A name with dots is a path into objects.</summary>
    /// <value>Default: none.</value>
    public IReadOnlyDictionary<string, JsonElement> Always { get; init; } = FrozenDictionary<string, JsonElement>.Empty;

    /// <summary>Whether a stream is asked for its usage with <c>stream_options</c>.</summary>
    /// <value>Default: <see langword="true"/>; some providers refuse the field and report usage unasked.</value>
    public bool AsksForUsage { get; init; } = true;

    /// <summary>How an assistant's last message is marked as the beginning of the answer. Default: <see cref="PrefillSpelling.Prefix"/>.</summary>
    public PrefillSpelling Prefill { get; init; }

    /// <summary>Where a schema for the answer stands. Default: <see cref="SchemaSpelling.JsonSchema"/>.</summary>
    public SchemaSpelling Schemas { get; init; }

    /// <summary>In which part a file is sent. Default: <see cref="FileSpelling.File"/>.</summary>
    public FileSpelling Files { get; init; }

    /// <summary>What stands in <c>input_audio</c>. Default: <see cref="AudioSpelling.Base64"/>.</summary>
    public AudioSpelling Audio { get; init; }

    /// <summary>The word in <c>tool_choice</c> for a call of any tool. Default: <c>required</c>.</summary>
    public string RequiredToolChoice { get; init; } = "required";

    /// <summary>Other spellings for some of the provider's models; the first that fits counts, its own variations do not.</summary>
    /// <value>Default: none.</value>
    public IReadOnlyList<ModelSpelling> Models { get; init; } = [];

    /// <summary>The spelling for one model of the provider.</summary>
    /// <param name="model">The provider's id of the model; <see langword="null"/> if it is not known.</param>
    /// <returns>The first variation in <see cref="Models"/> that fits; this spelling if none does.</returns>
    public RequestSpelling For(string? model)
    {
        if (model is null)
            return this;

        for (var i = 0; i < Models.Count; i++)
        {
            if (Models[i].Fits(model))
                return Models[i].Spelling;
        }

        return this;
    }
}
