using System.Text.Json;
using System.Text.Json.Serialization;

namespace MeaiRouter.OpenAI.Wire;

/// <summary>A call of a tool, whole in messages and in fragments in streams.</summary>
public sealed class ToolCall
{
    /// <summary>The call's place among the calls of one answer; only in streams, and not to be trusted there.</summary>
    public int? Index { get; set; }

    /// <summary>The call's id, which the tool's result repeats.</summary>
    public string? Id { get; set; }

    /// <summary><c>function</c>.</summary>
    public string? Type { get; set; }

    /// <summary>The function and its arguments.</summary>
    public CalledFunction? Function { get; set; }

    /// <summary>Every other field, as it came; signatures of some providers live here.</summary>
    [JsonExtensionData]
    public IDictionary<string, JsonElement>? Extra { get; set; }
}

/// <summary>A function and the arguments it is called with.</summary>
public sealed class CalledFunction
{
    /// <summary>The function's name.</summary>
    public string? Name { get; set; }

    /// <summary>The arguments as the text of a JSON object. Providers that send the object itself are understood.</summary>
    public string? Arguments { get; set; }
}
