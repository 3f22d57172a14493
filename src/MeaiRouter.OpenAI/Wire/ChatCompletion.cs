using System.Text.Json;
using System.Text.Json.Serialization;

namespace MeaiRouter.OpenAI.Wire;

/// <summary>A whole answer (<c>chat.completion</c>) or one event of a streamed one (<c>chat.completion.chunk</c>).</summary>
/// <remarks>The two differ in nothing but <see cref="Kind"/> and in whether a choice holds a message or a delta.</remarks>
public sealed class ChatCompletion
{
    /// <summary><see cref="Kind"/> of a whole answer.</summary>
    public const string WholeKind = "chat.completion";

    /// <summary><see cref="Kind"/> of an event of a streamed answer.</summary>
    public const string ChunkKind = "chat.completion.chunk";

    /// <summary>The answer's id; the same in all its chunks.</summary>
    public string? Id { get; set; }

    /// <summary><see cref="WholeKind"/> or <see cref="ChunkKind"/>.</summary>
    [JsonPropertyName("object")]
    public string? Kind { get; set; }

    /// <summary>When the answer began, in seconds since 1970.</summary>
    public long? Created { get; set; }

    /// <summary>The model that answered.</summary>
    public string? Model { get; set; }

    /// <summary>OpenRouter: the provider that answered.</summary>
    public string? Provider { get; set; }

    /// <summary>The provider's version of model and configuration.</summary>
    public string? SystemFingerprint { get; set; }

    /// <summary>The tier that served the request.</summary>
    public string? ServiceTier { get; set; }

    /// <summary>The answers; Microsoft.Extensions.AI knows one.</summary>
    public IList<Choice>? Choices { get; set; }

    /// <summary>The tokens used.</summary>
    public CompletionUsage? Usage { get; set; }

    /// <summary>What went wrong, where something did after the status line was sent.</summary>
    public WireError? Error { get; set; }

    /// <summary>OpenRouter: how the request was routed.</summary>
    [JsonPropertyName("openrouter_metadata")]
    public JsonElement? OpenRouterMetadata { get; set; }

    /// <summary>Every other field, as it came.</summary>
    [JsonExtensionData]
    public IDictionary<string, JsonElement>? Extra { get; set; }

    /// <summary>A copy of a chunk with one choice, whose delta has another text. All else is shared with it.</summary>
    internal ChatCompletion WithText(string text)
    {
        var copy = (ChatCompletion)MemberwiseClone();
        copy.Choices = [Choices![0].WithText(text)];
        return copy;
    }
}
