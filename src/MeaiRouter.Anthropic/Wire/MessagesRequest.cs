using System.Text.Json;
using System.Text.Json.Serialization;

namespace MeaiRouter.Anthropic.Wire;

/// <summary>The body of <c>POST /v1/messages</c> and of <c>/v1/messages/count_tokens</c>.</summary>
internal sealed class MessagesRequest
{
    public string? Model { get; set; }

    public int? MaxTokens { get; set; }

    public BlockList? System { get; set; }

    public IList<InputMessage>? Messages { get; set; }

    public IList<MessagesTool>? Tools { get; set; }

    public MessagesToolChoice? ToolChoice { get; set; }

    public Thinking? Thinking { get; set; }

    public OutputConfig? OutputConfig { get; set; }

    public IList<string>? StopSequences { get; set; }

    public float? Temperature { get; set; }

    public float? TopP { get; set; }

    public int? TopK { get; set; }

    public bool? Stream { get; set; }

    public RequestMetadata? Metadata { get; set; }

    public string? ServiceTier { get; set; }

    [JsonExtensionData]
    public IDictionary<string, JsonElement>? Extra { get; set; }
}
