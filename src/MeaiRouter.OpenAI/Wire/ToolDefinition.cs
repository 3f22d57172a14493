using System.Text.Json;
using System.Text.Json.Serialization;

namespace MeaiRouter.OpenAI.Wire;

/// <summary>A tool the model may call. Types other than <c>function</c> are kept in <see cref="Extra"/>.</summary>
public sealed class ToolDefinition
{
    /// <summary><c>function</c> or another type.</summary>
    public string? Type { get; set; }

    /// <summary>The function of a <c>function</c> tool.</summary>
    public FunctionDefinition? Function { get; set; }

    /// <summary>Every other field, as it came.</summary>
    [JsonExtensionData]
    public IDictionary<string, JsonElement>? Extra { get; set; }
}

/// <summary>A function the model may call.</summary>
public sealed class FunctionDefinition
{
    /// <summary>The function's name.</summary>
    public string? Name { get; set; }

    /// <summary>What it does, for the model.</summary>
    public string? Description { get; set; }

    /// <summary>The JSON schema of its arguments.</summary>
    public JsonElement? Parameters { get; set; }

    /// <summary>Whether the provider must hold the model to the schema.</summary>
    public bool? Strict { get; set; }
}
