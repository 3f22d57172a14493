using System.Text.Json;

namespace MeaiRouter.OpenAI.Responses;

/// <summary>The shape and the length of the text.</summary>
public sealed class ResponseText
{
    /// <summary>The shape; without one plain text.</summary>
    public ResponseTextFormat? Format { get; set; }

    /// <summary><c>low</c>, <c>medium</c> or <c>high</c>.</summary>
    public string? Verbosity { get; set; }
}

/// <summary>The shape of the text.</summary>
public sealed class ResponseTextFormat
{
    /// <summary><c>text</c>, <c>json_object</c> or <c>json_schema</c>.</summary>
    public string? Type { get; set; }

    /// <summary>The schema's name.</summary>
    public string? Name { get; set; }

    /// <summary>What it is for, for the model.</summary>
    public string? Description { get; set; }

    /// <summary>The schema.</summary>
    public JsonElement? Schema { get; set; }

    /// <summary>Whether the provider must hold the model to the schema.</summary>
    public bool? Strict { get; set; }
}
