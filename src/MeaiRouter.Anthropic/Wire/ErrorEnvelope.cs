using System.Text.Json;
using System.Text.Json.Serialization;

namespace MeaiRouter.Anthropic.Wire;

/// <summary>An error, as the body of a refusal and as an event.</summary>
internal sealed class ErrorEnvelope
{
    public string Type { get; set; } = "error";

    public required MessagesError Error { get; set; }

    [JsonIgnore(Condition = JsonIgnoreCondition.Never)]
    public string? RequestId { get; set; }

    public JsonElement? OpenrouterMetadata { get; set; }
}

/// <summary>What went wrong: Anthropic's type, and beside it OpenRouter's.</summary>
internal sealed class MessagesError
{
    public required string Type { get; set; }

    public required string Message { get; set; }

    public string? ErrorType { get; set; }

    [JsonExtensionData]
    public IDictionary<string, JsonElement>? Extra { get; set; }
}
