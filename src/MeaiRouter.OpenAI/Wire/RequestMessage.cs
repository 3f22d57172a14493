using System.Text.Json;
using System.Text.Json.Serialization;

namespace MeaiRouter.OpenAI.Wire;

/// <summary>One message of the conversation that a request carries.</summary>
public sealed class RequestMessage
{
    /// <summary><c>system</c>, <c>developer</c>, <c>user</c>, <c>assistant</c> or <c>tool</c>.</summary>
    public string? Role { get; set; }

    /// <summary>The text or the parts. Written even if null: DeepSeek refuses tool calls without the field.</summary>
    public MessageContent? Content { get; set; }

    /// <summary>The name of the author.</summary>
    public string? Name { get; set; }

    /// <summary>The calls the assistant made.</summary>
    public IList<ToolCall>? ToolCalls { get; set; }

    /// <summary>The call that a tool's message answers.</summary>
    public string? ToolCallId { get; set; }

    /// <summary>What the assistant refused with.</summary>
    public string? Refusal { get; set; }

    /// <summary>Reasoning in OpenRouter's, Groq's and vLLM's spelling.</summary>
    public string? Reasoning { get; set; }

    /// <summary>Reasoning in DeepSeek's and Moonshot's spelling.</summary>
    public string? ReasoningContent { get; set; }

    /// <summary>Reasoning in OpenRouter's structured spelling, signatures included.</summary>
    public JsonElement? ReasoningDetails { get; set; }

    /// <summary>Every other field, as it came.</summary>
    [JsonExtensionData]
    public IDictionary<string, JsonElement>? Extra { get; set; }
}
