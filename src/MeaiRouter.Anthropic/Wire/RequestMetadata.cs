using System.Text.Json;
using System.Text.Json.Serialization;

namespace MeaiRouter.Anthropic.Wire;

/// <summary>For whom the request is made.</summary>
internal sealed class RequestMetadata
{
    public string? UserId { get; set; }

    [JsonExtensionData]
    public IDictionary<string, JsonElement>? Extra { get; set; }
}
