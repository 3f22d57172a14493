using System.Text.Json;
using System.Text.Json.Serialization;

namespace MeaiRouter.OpenAI.Wire;

/// <summary>The <c>error</c> member of a body, a chunk or a choice.</summary>
public sealed class WireError
{
    /// <summary>What happened.</summary>
    public string? Message { get; set; }

    /// <summary>OpenAI's class of error, such as <c>invalid_request_error</c>.</summary>
    public string? Type { get; set; }

    /// <summary>The request field at fault.</summary>
    public string? Param { get; set; }

    /// <summary>A word (OpenAI) or a status (OpenRouter). Digits are written as a number.</summary>
    [JsonConverter(typeof(ErrorCodeConverter))]
    public string? Code { get; set; }

    /// <summary>OpenRouter: <c>error_type</c>, the provider's name and its own error, former attempts.</summary>
    public JsonElement? Metadata { get; set; }

    /// <summary>Every other field, as it came.</summary>
    [JsonExtensionData]
    public IDictionary<string, JsonElement>? Extra { get; set; }
}
