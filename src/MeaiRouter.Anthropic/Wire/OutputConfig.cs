using System.Text.Json;
using System.Text.Json.Serialization;

namespace MeaiRouter.Anthropic.Wire;

/// <summary>The effort and the format of the answer.</summary>
internal sealed class OutputConfig
{
    public string? Effort { get; set; }

    public OutputFormat? Format { get; set; }

    [JsonExtensionData]
    public IDictionary<string, JsonElement>? Extra { get; set; }
}

/// <summary>The schema that the answer must fit.</summary>
internal sealed class OutputFormat
{
    public string? Type { get; set; }

    public JsonElement? Schema { get; set; }
}
