using System.Text.Json;
using System.Text.Json.Serialization;

namespace MeaiRouter.OpenAI.Responses;

/// <summary>A tool the model may call: a function, or one of OpenAI's own.</summary>
public sealed class ResponseTool
{
    /// <summary><c>function</c> or another type.</summary>
    public string? Type { get; set; }

    /// <summary>The function's name.</summary>
    public string? Name { get; set; }

    /// <summary>What it does, for the model.</summary>
    public string? Description { get; set; }

    /// <summary>The JSON schema of its arguments. OpenAI's clients declare it as always present.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.Never)]
    public JsonElement? Parameters { get; set; }

    /// <summary>Whether the provider must hold the model to the schema. OpenAI's clients declare it as always present.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.Never)]
    public bool? Strict { get; set; }

    /// <summary>Every other field, as it came.</summary>
    [JsonExtensionData]
    public IDictionary<string, JsonElement>? Extra { get; set; }
}
