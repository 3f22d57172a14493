using System.Text.Json;

namespace MeaiRouter.Testing;

/// <summary>One message of a received request.</summary>
internal sealed record WireMessage(int Index, JsonElement Json)
{
    public string Role { get; } = Json.Text("role") ?? "";

    public bool IsSystem => Role is "system" or "developer";

    /// <summary>The calls of tools that an assistant's message makes.</summary>
    public IReadOnlyList<WireCall> Calls { get; } = [.. Json.Items("tool_calls").Select(static call => new WireCall(call))];

    public string? CallId => Json.Text("tool_call_id");

    /// <summary>The parts of the content; none where it is a plain text.</summary>
    public IEnumerable<JsonElement> Parts => Json.Items("content");

    /// <summary>Every text of the content, be it plain or in parts.</summary>
    public IEnumerable<string> Texts => Json.Text("content") is { } text
        ? [text]
        : Parts.Where(static part => part.Text("type") == "text").Select(static part => part.Text("text") ?? "");

    /// <summary>Whether the message says anything besides calling tools.</summary>
    public bool IsEmpty => Texts.All(string.IsNullOrEmpty) && Parts.All(static part => part.Text("type") == "text");

    public IEnumerable<string> ImageUrls => Parts
        .Where(static part => part.Text("type") == "image_url")
        .Select(static part => part.Get("image_url") is { ValueKind: JsonValueKind.Object } image ? image.Text("url") : part.Text("image_url"))
        .OfType<string>();
}

/// <summary>One call in an assistant's message.</summary>
internal sealed record WireCall(JsonElement Json)
{
    public string Id { get; } = Json.Text("id") ?? "";

    public string Name { get; } = Json.Get("function").Text("name") ?? "";

    /// <summary>Gemini's signature, in the place where its OpenAI-compatible endpoint has it.</summary>
    public string? ThoughtSignature => Json.Get("extra_content").Get("google").Text("thought_signature");
}
