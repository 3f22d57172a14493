using System.Text.Json;

namespace MeaiRouter.Testing;

/// <summary>A request as the rules see it: its body, its messages, and what its provider has answered so far.</summary>
internal sealed class StrictRequest(ReceivedRequest request, IssuedReasoning issued)
{
    public JsonElement Body => request.Body;

    public string Model => request.Model ?? "";

    public bool Streamed => request.Streamed;

    public IssuedReasoning Issued => issued;

    public IReadOnlyList<WireMessage> Messages { get; } =
        [.. request.Body.Items("messages").Select(static (json, index) => new WireMessage(index, json))];

    /// <summary>The declared functions with their places among the tools.</summary>
    public IEnumerable<(int Index, JsonElement Function)> Functions =>
        Body.Items("tools").Select(static (tool, index) => (index, tool.Get("function"))).Where(static f => f.Item2.IsObject());

    public bool HasTools => Body.Items("tools").Any();

    /// <summary>The <c>type</c> of the format asked for; <c>text</c> without one.</summary>
    public string Format => Body.Get("response_format").Text("type") ?? "text";

    /// <summary>The form of <c>tool_choice</c>: a word, or <c>function</c> for one function by name; <see langword="null"/> without one.</summary>
    public string? ToolChoice => Body.Get("tool_choice") switch
    {
        { ValueKind: JsonValueKind.String } word => word.GetString(),
        { ValueKind: JsonValueKind.Object } => "function",
        _ => null,
    };
}
