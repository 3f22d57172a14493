using System.Text.Json;
using System.Text.Json.Serialization;

namespace MeaiRouter.Anthropic.Wire;

/// <summary>An event of a streamed answer; each type uses a few of the fields.</summary>
internal sealed class StreamEvent
{
    public required string Type { get; set; }

    public AnswerMessage? Message { get; set; }

    public int? Index { get; set; }

    public Block? ContentBlock { get; set; }

    public BlockDelta? Delta { get; set; }

    public JsonElement? OpenrouterMetadata { get; set; }
}

/// <summary>What a block grows by.</summary>
internal sealed class BlockDelta
{
    public required string Type { get; set; }

    public string? Text { get; set; }

    public string? Thinking { get; set; }

    public string? Signature { get; set; }

    public string? PartialJson { get; set; }

    public JsonElement? Citation { get; set; }
}

/// <summary>The event that says how an answer ended and what it used.</summary>
internal sealed class MessageDeltaEvent
{
    public string Type { get; set; } = "message_delta";

    public required MessageEnd Delta { get; set; }

    public required MessagesUsage Usage { get; set; }
}

/// <summary>How an answer ended.</summary>
internal sealed class MessageEnd
{
    [JsonIgnore(Condition = JsonIgnoreCondition.Never)]
    public string? StopReason { get; set; }

    [JsonIgnore(Condition = JsonIgnoreCondition.Never)]
    public string? StopSequence { get; set; }
}
