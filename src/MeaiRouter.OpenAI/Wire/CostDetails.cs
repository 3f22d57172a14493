using System.Text.Json;
using System.Text.Json.Serialization;

namespace MeaiRouter.OpenAI.Wire;

/// <summary>OpenRouter: what a charge is made of, in US dollars.</summary>
public sealed class CostDetails
{
    /// <summary>What the provider behind charged; with a key of the caller's own it comes on top of <see cref="CompletionUsage.Cost"/>.</summary>
    /// <remarks>Written even where there is none, as OpenRouter does.</remarks>
    public decimal? UpstreamInferenceCost { get; set; }

    /// <summary>The part for input tokens.</summary>
    public decimal? UpstreamInferencePromptCost { get; set; }

    /// <summary>The part for output tokens.</summary>
    public decimal? UpstreamInferenceCompletionsCost { get; set; }

    /// <summary>Every other field, as it came.</summary>
    [JsonExtensionData]
    public IDictionary<string, JsonElement>? Extra { get; set; }
}
