using System.Text.Json;
using System.Text.Json.Serialization;
using MeaiRouter.OpenAI.Wire;

namespace MeaiRouter.OpenAI.Responses;

/// <summary>An item of an input or of an output; an output's items may be sent back as input, as they are.</summary>
public sealed class ResponseItem
{
    /// <summary>A message of one of the roles; the type that an item without one has.</summary>
    public const string Message = "message";

    /// <summary>A call of a function.</summary>
    public const string FunctionCall = "function_call";

    /// <summary>What a function returned.</summary>
    public const string FunctionCallOutput = "function_call_output";

    /// <summary>What the model thought before it spoke.</summary>
    public const string ReasoningType = "reasoning";

    /// <summary>An image the model made.</summary>
    public const string ImageGenerationCall = "image_generation_call";

    /// <summary><see cref="Message"/>, <see cref="FunctionCall"/>, <see cref="FunctionCallOutput"/>, <see cref="ReasoningType"/> or another type.</summary>
    public string? Type { get; set; }

    /// <summary>The item's id.</summary>
    public string? Id { get; set; }

    /// <summary><c>in_progress</c>, <c>completed</c> or <c>incomplete</c>.</summary>
    public string? Status { get; set; }

    /// <summary>Who says a message: <c>user</c>, <c>assistant</c>, <c>system</c> or <c>developer</c>.</summary>
    public string? Role { get; set; }

    /// <summary>Reasoning: its summary, always there in an output.</summary>
    public IList<ResponsePart>? Summary { get; set; }

    /// <summary>What a message says; of reasoning the text itself, where the provider shows it.</summary>
    public ResponseContent? Content { get; set; }

    /// <summary>Reasoning: what only its maker can read.</summary>
    public string? EncryptedContent { get; set; }

    /// <summary>OpenRouter, reasoning: by which the maker knows its own text again.</summary>
    public string? Signature { get; set; }

    /// <summary>OpenRouter, reasoning: whose form text, signature and encryption have.</summary>
    public string? Format { get; set; }

    /// <summary>The id by which a call and its output belong together.</summary>
    public string? CallId { get; set; }

    /// <summary>The function called.</summary>
    public string? Name { get; set; }

    /// <summary>The arguments of a call, as the text of a JSON object.</summary>
    [JsonConverter(typeof(JsonTextConverter))]
    public string? Arguments { get; set; }

    /// <summary>What a function returned.</summary>
    public ResponseContent? Output { get; set; }

    /// <summary>An image that was made, in base64.</summary>
    public string? Result { get; set; }

    /// <summary>Every other field, as it came.</summary>
    [JsonExtensionData]
    public IDictionary<string, JsonElement>? Extra { get; set; }
}
