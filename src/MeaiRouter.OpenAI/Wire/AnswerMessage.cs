using System.Text.Json;
using System.Text.Json.Serialization;

namespace MeaiRouter.OpenAI.Wire;

/// <summary>The message of an answer, or the piece of it that a chunk adds.</summary>
public sealed class AnswerMessage
{
    /// <summary><c>assistant</c>.</summary>
    public string? Role { get; set; }

    /// <summary>The text, or the parts of providers that answer in parts.</summary>
    public MessageContent? Content { get; set; }

    /// <summary>What the model refused with.</summary>
    public string? Refusal { get; set; }

    /// <summary>Reasoning in OpenRouter's, Groq's and vLLM's spelling.</summary>
    public string? Reasoning { get; set; }

    /// <summary>Reasoning in DeepSeek's and Moonshot's spelling.</summary>
    public string? ReasoningContent { get; set; }

    /// <summary>Reasoning in OpenRouter's structured spelling, signatures included; fragments of it in streams.</summary>
    public JsonElement? ReasoningDetails { get; set; }

    /// <summary>The calls the model makes; fragments of them in streams.</summary>
    public IList<ToolCall>? ToolCalls { get; set; }

    /// <summary>The one call of the wire before tools.</summary>
    public CalledFunction? FunctionCall { get; set; }

    /// <summary>Citations and the like.</summary>
    public JsonElement? Annotations { get; set; }

    /// <summary>OpenRouter: images the model made.</summary>
    public IList<ContentPart>? Images { get; set; }

    /// <summary>Every other field, as it came.</summary>
    [JsonExtensionData]
    public IDictionary<string, JsonElement>? Extra { get; set; }

    /// <inheritdoc cref="ChatCompletion.WithText"/>
    internal AnswerMessage WithText(string text)
    {
        var copy = (AnswerMessage)MemberwiseClone();
        copy.Content = new MessageContent(text);
        return copy;
    }
}
