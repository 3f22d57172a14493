using System.Text.Json;
using System.Text.Json.Serialization;

namespace MeaiRouter.OpenAI.Wire;

/// <summary>One answer to a request.</summary>
public sealed class Choice
{
    /// <summary>The answer's place among several.</summary>
    public int? Index { get; set; }

    /// <summary>The message of a whole answer.</summary>
    public AnswerMessage? Message { get; set; }

    /// <summary>The piece of the message that a chunk adds.</summary>
    public AnswerMessage? Delta { get; set; }

    /// <summary>Why the answer ended. Written even if null, as OpenAI does.</summary>
    public string? FinishReason { get; set; }

    /// <summary>OpenRouter: the same in the provider's own words.</summary>
    public string? NativeFinishReason { get; set; }

    /// <summary>The probabilities of the tokens, where asked for.</summary>
    public JsonElement? Logprobs { get; set; }

    /// <summary>OpenRouter: what broke this answer after it had begun.</summary>
    public WireError? Error { get; set; }

    /// <summary>Every other field, as it came.</summary>
    [JsonExtensionData]
    public IDictionary<string, JsonElement>? Extra { get; set; }

    /// <inheritdoc cref="ChatCompletion.WithText"/>
    internal Choice WithText(string text)
    {
        var copy = (Choice)MemberwiseClone();
        copy.Delta = Delta!.WithText(text);
        return copy;
    }
}
