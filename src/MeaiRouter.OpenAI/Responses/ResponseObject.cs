using System.Text.Json;
using System.Text.Json.Serialization;

namespace MeaiRouter.OpenAI.Responses;

/// <summary>An answer, whole or as far as it has come. What it repeats of the request is there because OpenAI's clients declare it as always present.</summary>
public sealed class ResponseObject
{
    /// <summary><see cref="Status"/> of an answer that is being made.</summary>
    public const string InProgress = "in_progress";

    /// <summary><see cref="Status"/> of a whole answer.</summary>
    public const string Completed = "completed";

    /// <summary><see cref="Status"/> of an answer that a limit or a filter ended.</summary>
    public const string Incomplete = "incomplete";

    /// <summary><see cref="Status"/> of an answer that broke.</summary>
    public const string Failed = "failed";

    /// <summary>The answer's id.</summary>
    public string? Id { get; set; }

    /// <summary><c>response</c>.</summary>
    [JsonPropertyName("object")]
    public string Kind { get; set; } = "response";

    /// <summary>When the answer began, in seconds since 1970.</summary>
    public long CreatedAt { get; set; }

    /// <summary>When the answer was whole, in seconds since 1970; null as long as it is not, and where it broke or ended early.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.Never)]
    public long? CompletedAt { get; set; }

    /// <summary><see cref="InProgress"/>, <see cref="Completed"/>, <see cref="Incomplete"/> or <see cref="Failed"/>.</summary>
    public string Status { get; set; } = InProgress;

    /// <summary>What went wrong.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.Never)]
    public ResponseError? Error { get; set; }

    /// <summary>Why the answer ends early.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.Never)]
    public IncompleteDetails? IncompleteDetails { get; set; }

    /// <summary>The model that answers.</summary>
    public string? Model { get; set; }

    /// <summary>The provider that answers.</summary>
    public string? Provider { get; set; }

    /// <summary>What the model made.</summary>
    public IList<ResponseItem> Output { get; set; } = [];

    /// <summary>The tokens used and what they cost.</summary>
    public ResponseUsage? Usage { get; set; }

    /// <summary>The tier that served the request, or was asked for.</summary>
    public string? ServiceTier { get; set; }

    /// <summary>OpenRouter: how the request was routed.</summary>
    [JsonPropertyName("openrouter_metadata")]
    public JsonElement? OpenRouterMetadata { get; set; }

    /// <summary>The request's.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.Never)]
    public string? Instructions { get; set; }

    /// <summary>The request's; empty without any.</summary>
    public JsonElement Metadata { get; set; }

    /// <summary>The request's.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.Never)]
    public int? MaxOutputTokens { get; set; }

    /// <summary>The request's; <see langword="true"/> by default.</summary>
    public bool ParallelToolCalls { get; set; } = true;

    /// <summary>Always null: nothing is kept.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.Never)]
    public string? PreviousResponseId { get; set; }

    /// <summary>Always <see langword="false"/>: nothing is kept.</summary>
    public bool Store { get; set; }

    /// <summary>Always <see langword="false"/>.</summary>
    public bool Background { get; set; }

    /// <summary>The request's; all null without any.</summary>
    public ResponseReasoning Reasoning { get; set; } = new();

    /// <summary>The request's; plain text by default.</summary>
    public ResponseText Text { get; set; } = new();

    /// <summary>The request's.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.Never)]
    public float? Temperature { get; set; }

    /// <summary>The request's.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.Never)]
    public float? TopP { get; set; }

    /// <summary>The request's. OpenRouter's strict client insists on it, null or not.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.Never)]
    public float? FrequencyPenalty { get; set; }

    /// <summary>The request's. OpenRouter's strict client insists on it, null or not.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.Never)]
    public float? PresencePenalty { get; set; }

    /// <summary>The request's.</summary>
    public int? TopLogprobs { get; set; }

    /// <summary>The request's; <c>auto</c> by default.</summary>
    public JsonElement ToolChoice { get; set; }

    /// <summary>The request's.</summary>
    public IList<ResponseTool> Tools { get; set; } = [];

    /// <summary>The request's; <c>disabled</c> by default.</summary>
    public string Truncation { get; set; } = "disabled";

    /// <summary>The request's fields that clients look for under their own names: <c>user</c>, <c>safety_identifier</c>, <c>prompt_cache_key</c>.</summary>
    [JsonExtensionData]
    public IDictionary<string, JsonElement>? Extra { get; set; }

    /// <summary>The answer as it is now, for an event.</summary>
    internal ResponseObject Copy() => (ResponseObject)MemberwiseClone();
}

/// <summary>Why an answer ends early.</summary>
public sealed class IncompleteDetails
{
    /// <summary><c>max_output_tokens</c> or <c>content_filter</c>.</summary>
    public string? Reason { get; set; }
}

/// <summary>What went wrong in the middle of an answer.</summary>
public sealed class ResponseError
{
    /// <summary>One of OpenAI's words, such as <c>server_error</c>.</summary>
    public string? Code { get; set; }

    /// <summary>What happened.</summary>
    public string? Message { get; set; }
}
