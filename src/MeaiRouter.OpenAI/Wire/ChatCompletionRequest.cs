using System.Text.Json;
using System.Text.Json.Serialization;

namespace MeaiRouter.OpenAI.Wire;

/// <summary>The body of <c>POST /chat/completions</c>.</summary>
/// <remarks>
/// Fields that Microsoft.Extensions.AI has no word for (<c>logit_bias</c>, <c>user</c>, <c>logprobs</c>, <c>metadata</c>, ...) are in
/// <see cref="Extra"/> and travel as they are. The fields after it are OpenRouter's: they steer the route and are for whoever routes.
/// </remarks>
public sealed class ChatCompletionRequest
{
    /// <summary>The model asked for.</summary>
    public string? Model { get; set; }

    /// <summary>The conversation.</summary>
    public IList<RequestMessage>? Messages { get; set; }

    /// <summary>Whether the answer is to be streamed as server-sent events.</summary>
    public bool? Stream { get; set; }

    /// <summary>What a stream is to hold besides the answer.</summary>
    public StreamOptions? StreamOptions { get; set; }

    /// <summary>Upper bound of generated tokens; the older name, which every provider understands.</summary>
    public int? MaxTokens { get; set; }

    /// <summary>Upper bound of generated tokens, reasoning included; the newer name, which OpenAI's reasoning models insist on.</summary>
    public int? MaxCompletionTokens { get; set; }

    /// <summary>Sampling temperature.</summary>
    public float? Temperature { get; set; }

    /// <summary>Nucleus sampling.</summary>
    public float? TopP { get; set; }

    /// <summary>Sampling from the most likely tokens only.</summary>
    public int? TopK { get; set; }

    /// <summary>Penalty for tokens by how often they occurred.</summary>
    public float? FrequencyPenalty { get; set; }

    /// <summary>Penalty for tokens that occurred at all.</summary>
    public float? PresencePenalty { get; set; }

    /// <summary>Seed for repeatable sampling.</summary>
    public long? Seed { get; set; }

    /// <summary>Texts at which generation stops. Read from a string or an array, written as an array.</summary>
    [JsonConverter(typeof(StopSequencesConverter))]
    public IList<string>? Stop { get; set; }

    /// <summary>The tools the model may call.</summary>
    public IList<ToolDefinition>? Tools { get; set; }

    /// <summary>Whether and which tool must be called.</summary>
    public ToolChoice? ToolChoice { get; set; }

    /// <summary>Whether several tools may be called at once.</summary>
    public bool? ParallelToolCalls { get; set; }

    /// <summary>The shape of the answer.</summary>
    public ResponseFormat? ResponseFormat { get; set; }

    /// <summary>How much to reason: <c>none</c>, <c>minimal</c>, <c>low</c>, <c>medium</c>, <c>high</c>, <c>xhigh</c>.</summary>
    public string? ReasoningEffort { get; set; }

    /// <summary>OpenRouter's object for the same and more: <c>effort</c>, <c>max_tokens</c>, <c>exclude</c>, <c>enabled</c>.</summary>
    public JsonElement? Reasoning { get; set; }

    /// <summary>Every other field, as it came.</summary>
    [JsonExtensionData]
    public IDictionary<string, JsonElement>? Extra { get; set; }

    /// <summary>OpenRouter: models to try in turn; beyond it, an entry may say more than a name.</summary>
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

    /// <summary>OpenRouter: whether the answer reports usage and cost.</summary>
    public JsonElement? Usage { get; set; }

    /// <summary>OpenRouter: the deprecated prompt transforms.</summary>
    public JsonElement? Transforms { get; set; }

    /// <summary>OpenRouter: what to tell about the route.</summary>
    public JsonElement? Debug { get; set; }
}
