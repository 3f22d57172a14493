using System.Text.Json;
using System.Text.Json.Serialization;

namespace MeaiRouter.OpenAI.Wire;

/// <summary>The answer to <c>POST /embeddings</c>.</summary>
public sealed class EmbeddingList
{
    /// <summary>The id of the answer; OpenRouter's.</summary>
    public string? Id { get; set; }

    /// <summary><c>list</c>.</summary>
    [JsonPropertyName("object")]
    public string? Kind { get; set; }

    /// <summary>An embedding for each input.</summary>
    public IList<EmbeddingItem>? Data { get; set; }

    /// <summary>The model that made them.</summary>
    public string? Model { get; set; }

    /// <summary>OpenRouter: the provider that made them.</summary>
    public string? Provider { get; set; }

    /// <summary>What was used.</summary>
    public CompletionUsage? Usage { get; set; }

    /// <summary>OpenRouter: how the answer came about.</summary>
    [JsonPropertyName("openrouter_metadata")]
    public JsonElement? OpenRouterMetadata { get; set; }

    /// <summary>The error in the place of embeddings.</summary>
    public WireError? Error { get; set; }
}

/// <summary>The embedding of one input.</summary>
public sealed class EmbeddingItem
{
    /// <summary><c>embedding</c>.</summary>
    [JsonPropertyName("object")]
    public string? Kind { get; set; }

    /// <summary>The place of the input.</summary>
    public int? Index { get; set; }

    /// <summary>The vector.</summary>
    public WireVector Embedding { get; set; }
}
