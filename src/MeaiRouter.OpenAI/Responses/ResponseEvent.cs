using System.Text.Json;

namespace MeaiRouter.OpenAI.Responses;

/// <summary>An event of a streamed answer. Which members it has, its <see cref="Type"/> tells.</summary>
public sealed class ResponseEvent
{
    /// <summary>What happens, such as <c>response.output_text.delta</c>; also the name of the server-sent event.</summary>
    public required string Type { get; init; }

    /// <summary>The event's place in the stream, from 0.</summary>
    public int SequenceNumber { get; init; }

    /// <summary>The answer as it is now.</summary>
    public ResponseObject? Response { get; init; }

    /// <summary>The place of the item in the output.</summary>
    public int? OutputIndex { get; init; }

    /// <summary>The item's id.</summary>
    public string? ItemId { get; init; }

    /// <summary>The item, begun or done.</summary>
    public ResponseItem? Item { get; init; }

    /// <summary>The place of the part in the item's content.</summary>
    public int? ContentIndex { get; init; }

    /// <summary>The place of the part in a reasoning's summary.</summary>
    public int? SummaryIndex { get; init; }

    /// <summary>The part, begun or done.</summary>
    public ResponsePart? Part { get; init; }

    /// <summary>What is added.</summary>
    public string? Delta { get; init; }

    /// <summary>The whole text.</summary>
    public string? Text { get; init; }

    /// <summary>How likely each token of the text was.</summary>
    public IList<JsonElement>? Logprobs { get; init; }

    /// <summary>The whole refusal.</summary>
    public string? Refusal { get; init; }

    /// <summary>The function whose arguments are whole.</summary>
    public string? Name { get; init; }

    /// <summary>The whole arguments.</summary>
    public string? Arguments { get; init; }

    /// <summary>Where the text comes from.</summary>
    public JsonElement? Annotation { get; init; }

    /// <summary>The place of the annotation among those of its part.</summary>
    public int? AnnotationIndex { get; init; }

    /// <summary>An error's code, as in <see cref="ResponseError.Code"/>.</summary>
    public string? Code { get; init; }

    /// <summary>What happened.</summary>
    public string? Message { get; init; }

    /// <summary>The field at fault, in an error; none, and yet declared as always present.</summary>
    public JsonElement? Param { get; init; }

    /// <summary>OpenRouter: what of the call behind the answer was to be shown, such as <c>echo_upstream_body</c>.</summary>
    public JsonElement? Debug { get; init; }

    /// <summary>OpenRouter: the same word for an error in all its APIs.</summary>
    public string? ErrorType { get; init; }
}
