using System.Text.Json;
using System.Text.Json.Serialization;

namespace MeaiRouter.OpenAI.Wire;

/// <summary>OpenRouter: how often the provider ran tools of its own.</summary>
public sealed class ServerToolUse
{
    /// <summary>Calls the model asked for.</summary>
    public long? ToolCallsRequested { get; set; }

    /// <summary>Calls that were run, web searches included.</summary>
    public long? ToolCallsExecuted { get; set; }

    /// <summary>Web searches.</summary>
    public long? WebSearchRequests { get; set; }

    /// <summary>Every other field, as it came.</summary>
    [JsonExtensionData]
    public IDictionary<string, JsonElement>? Extra { get; set; }
}
