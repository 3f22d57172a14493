using System.Text.Json;
using System.Text.Json.Serialization;
using MeaiRouter.OpenAI.Wire;

namespace MeaiRouter.OpenAI.Responses;

/// <summary>The body of <c>POST /responses</c>, in OpenAI's fields and OpenRouter's.</summary>
/// <remarks>
/// Fields that go to the provider as they are (<c>metadata</c>, <c>service_tier</c>, <c>prompt_cache_key</c>, <c>modalities</c>, ...) and unknown
/// ones are in <see cref="Extra"/>, as they are in <see cref="ChatCompletionRequest"/>.
/// </remarks>
public sealed class ResponseRequest
{
    /// <summary>The model asked for.</summary>
    public string? Model { get; set; }

    /// <summary>A text, or the conversation so far as items.</summary>
    public ResponseInput? Input { get; set; }

    /// <summary>What the system says before the conversation.</summary>
    public string? Instructions { get; set; }

    /// <summary>Whether the answer is to be streamed as server-sent events.</summary>
    public bool? Stream { get; set; }

    /// <summary>Upper bound of generated tokens, reasoning included.</summary>
    public int? MaxOutputTokens { get; set; }

    /// <summary>Sampling temperature.</summary>
    public float? Temperature { get; set; }

    /// <summary>Nucleus sampling.</summary>
    public float? TopP { get; set; }

    /// <summary>OpenRouter: sampling from the most likely tokens only.</summary>
    public int? TopK { get; set; }

    /// <summary>OpenRouter: penalty for tokens by how often they occurred.</summary>
    public float? FrequencyPenalty { get; set; }

    /// <summary>OpenRouter: penalty for tokens that occurred at all.</summary>
    public float? PresencePenalty { get; set; }

    /// <summary>How many of the likeliest tokens to report at each position.</summary>
    public int? TopLogprobs { get; set; }

    /// <summary>The tools the model may call.</summary>
    public IList<ResponseTool>? Tools { get; set; }

    /// <summary>A word, or an object that names tools.</summary>
    public JsonElement? ToolChoice { get; set; }

    /// <summary>Whether several tools may be called at once.</summary>
    public bool? ParallelToolCalls { get; set; }

    /// <summary>The shape and the length of the text.</summary>
    public ResponseText? Text { get; set; }

    /// <summary>How to reason.</summary>
    public ResponseReasoning? Reasoning { get; set; }

    /// <summary>What the answer is to hold besides the usual.</summary>
    public IList<string>? Include { get; set; }

    /// <summary><c>auto</c> drops from the middle of a conversation that is too long, <c>disabled</c> does not.</summary>
    public string? Truncation { get; set; }

    /// <summary>Whether to keep the answer for later requests; here never.</summary>
    public bool? Store { get; set; }

    /// <summary>Whether to answer later; here never.</summary>
    public bool? Background { get; set; }

    /// <summary>An answer to go on from; this API keeps none.</summary>
    public JsonElement? PreviousResponseId { get; set; }

    /// <summary>A conversation kept at OpenAI; this API keeps none.</summary>
    public JsonElement? Conversation { get; set; }

    /// <summary>A prompt kept at OpenAI; this API keeps none.</summary>
    public JsonElement? Prompt { get; set; }

    /// <summary>How many calls of OpenAI's own tools there may be; there are none here.</summary>
    public JsonElement? MaxToolCalls { get; set; }

    /// <summary>How OpenAI pads its events; these are not padded.</summary>
    public JsonElement? StreamOptions { get; set; }

    /// <summary>OpenRouter: models to try in turn.</summary>
    public IList<ModelEntry>? Models { get; set; }

    /// <summary>OpenRouter: preferences among the providers of a model.</summary>
    public JsonElement? Provider { get; set; }

    /// <summary>OpenRouter: the deprecated routing mode.</summary>
    public JsonElement? Route { get; set; }

    /// <summary>OpenRouter: the name of a preset.</summary>
    public JsonElement? Preset { get; set; }

    /// <summary>OpenRouter: plugins to run.</summary>
    public JsonElement? Plugins { get; set; }

    /// <summary>OpenRouter: what keeps a conversation on one endpoint.</summary>
    public JsonElement? SessionId { get; set; }

    /// <summary>OpenRouter: labels for observability.</summary>
    public JsonElement? Trace { get; set; }

    /// <summary>OpenRouter: what to tell about the route.</summary>
    public JsonElement? Debug { get; set; }

    /// <summary>Every other field, as it came.</summary>
    [JsonExtensionData]
    public IDictionary<string, JsonElement>? Extra { get; set; }
}
