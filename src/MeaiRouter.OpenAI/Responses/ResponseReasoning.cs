using System.Text.Json;
using System.Text.Json.Serialization;

namespace MeaiRouter.OpenAI.Responses;

/// <summary>How to reason, and what to show of it.</summary>
public sealed class ResponseReasoning
{
    /// <summary>How much: <c>none</c>, <c>minimal</c>, <c>low</c>, <c>medium</c>, <c>high</c>, <c>xhigh</c> or <c>max</c>.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.Never)]
    public string? Effort { get; set; }

    /// <summary>What to show: <c>auto</c>, <c>concise</c> or <c>detailed</c>.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.Never)]
    public string? Summary { get; set; }

    /// <summary>The deprecated name of <see cref="Summary"/>.</summary>
    public string? GenerateSummary { get; set; }

    /// <summary>OpenRouter: how much, in tokens.</summary>
    public int? MaxTokens { get; set; }

    /// <summary>OpenRouter: whether to reason at all.</summary>
    public bool? Enabled { get; set; }

    /// <summary>Every other field, as it came.</summary>
    [JsonExtensionData]
    public IDictionary<string, JsonElement>? Extra { get; set; }
}
