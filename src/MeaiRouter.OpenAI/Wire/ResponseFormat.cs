using System.Text.Json;
using System.Text.Json.Serialization;

namespace MeaiRouter.OpenAI.Wire;

/// <summary>The shape of the answer.</summary>
public sealed class ResponseFormat
{
    /// <summary><c>text</c>, <c>json_object</c>, <c>json_schema</c> or another type.</summary>
    public string? Type { get; set; }

    /// <summary>The schema of <c>json_schema</c>.</summary>
    public JsonSchemaFormat? JsonSchema { get; set; }

    /// <summary>Every other field, as it came.</summary>
    [JsonExtensionData]
    public IDictionary<string, JsonElement>? Extra { get; set; }
}

/// <summary>A named JSON schema.</summary>
public sealed class JsonSchemaFormat
{
    /// <summary>The schema's name.</summary>
    public string? Name { get; set; }

    /// <summary>What it is for, for the model.</summary>
    public string? Description { get; set; }

    /// <summary>The schema.</summary>
    public JsonElement? Schema { get; set; }

    /// <summary>Whether the provider must hold the model to the schema.</summary>
    public bool? Strict { get; set; }
}
