using System.Text.Json;
using System.Text.Json.Serialization;

namespace MeaiRouter.Anthropic.Wire;

/// <summary>A whole answer, or the empty one with which a stream begins.</summary>
internal sealed class AnswerMessage
{
    public string? Id { get; set; }

    public string Type { get; set; } = "message";

    public string Role { get; set; } = "assistant";

    public string? Model { get; set; }

    public IList<Block> Content { get; set; } = [];

    [JsonIgnore(Condition = JsonIgnoreCondition.Never)]
    public string? StopReason { get; set; }

    [JsonIgnore(Condition = JsonIgnoreCondition.Never)]
    public string? StopSequence { get; set; }

    public MessagesUsage? Usage { get; set; }

    /// <summary>OpenRouter's: who answered.</summary>
    public string? Provider { get; set; }

    public JsonElement? OpenrouterMetadata { get; set; }
}
