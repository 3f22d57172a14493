using System.Text.Json;
using System.Text.Json.Serialization;
using MeaiRouter.OpenAI.Wire;

namespace MeaiRouter.OpenAI.Responses;

/// <summary>A part of an item's content, of a reasoning's summary, or of a tool's output.</summary>
public sealed class ResponsePart
{
    /// <summary>
    /// <c>input_text</c>, <c>input_image</c>, <c>input_file</c>, <c>input_audio</c> or <c>input_video</c>; <c>output_text</c> or <c>refusal</c>;
    /// <c>reasoning_text</c> or <c>summary_text</c>.
    /// </summary>
    public string? Type { get; set; }

    /// <summary>The text.</summary>
    public string? Text { get; set; }

    /// <summary>Where the text comes from; always there in an output's text.</summary>
    public IList<JsonElement>? Annotations { get; set; }

    /// <summary>How likely each token of an output's text was.</summary>
    public IList<JsonElement>? Logprobs { get; set; }

    /// <summary>What the model refused with.</summary>
    public string? Refusal { get; set; }

    /// <summary>An <c>https:</c> or <c>data:</c> URI.</summary>
    public string? ImageUrl { get; set; }

    /// <summary>How closely the model looks at an image: <c>auto</c>, <c>low</c>, <c>high</c> or <c>original</c>.</summary>
    public string? Detail { get; set; }

    /// <summary>OpenRouter: an <c>https:</c> or <c>data:</c> URI.</summary>
    public string? VideoUrl { get; set; }

    /// <summary>The id of an uploaded file.</summary>
    public string? FileId { get; set; }

    /// <summary>A file's name.</summary>
    public string? Filename { get; set; }

    /// <summary>A file as a data URI.</summary>
    public string? FileData { get; set; }

    /// <summary>A file's address.</summary>
    public string? FileUrl { get; set; }

    /// <summary>Sound.</summary>
    public AudioClip? InputAudio { get; set; }

    /// <summary>Every other field, as it came.</summary>
    [JsonExtensionData]
    public IDictionary<string, JsonElement>? Extra { get; set; }
}
