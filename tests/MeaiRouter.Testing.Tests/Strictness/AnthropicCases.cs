using static MeaiRouter.Testing.Tests.Strictness.StrictCase;

namespace MeaiRouter.Testing.Tests.Strictness;

internal static class AnthropicCases
{
    public static IEnumerable<StrictCase> All =>
    [
        new("temperature", With("\"temperature\":1"), With("\"temperature\":1.2"), Error("temperature: range: 0..1")),
        new("n", With("\"n\":1"), With("\"n\":2"), Error("n: Input should be 1")),
        new("stop", With("\"stop\":[\"x\"]"), With("\"stop\":[\"\\n\"]"), Error("stop_sequences: each stop sequence must contain non-whitespace")),
        new("function-name", WithFunction(), WithFunction("a.b"), Error("tools.0.custom.name: String should match pattern '^[a-zA-Z0-9_-]{1,128}$'")),
        new("function-schema", WithFunction(), WithFunction(schema: """{"oneOf":[]}"""),
            Error("tools.0.custom.input_schema: input_schema does not support oneOf, allOf, or anyOf at the top level")),
        new("first-message", Messages("""{"role":"system","content":"S"},{"role":"user","content":"Hi"}"""), Messages("""{"role":"assistant","content":"A"},{"role":"user","content":"Hi"}"""),
            Error("messages: first message must use the \\\"user\\\" role")),
        new("first-message", User("\"Hi\""), Messages("""{"role":"system","content":"S"}"""), Error("messages: at least one message is required")),
        new("empty-text", User("\"Hi\""), User("\"\""), Error("messages: text content blocks must be non-empty")),
        new("empty-text", Loop(), User("""[{"type":"text","text":"Hi"},{"type":"text","text":""}]"""), Error("messages: text content blocks must be non-empty")),
        new("blank-text", User("\" a \""), User("\" \\n\""), Error("messages: text content blocks must contain non-whitespace text")),
        new("tool-call-id", Loop(), Loop(Call.Replace("abcDEF123", "a.1", StringComparison.Ordinal), result: "a.1"),
            Error("messages.1.content.0.tool_use.id: String should match pattern '^[a-zA-Z0-9_-]+$'")),
        new("tool-call-name", Loop(), Loop(Call.Replace("\"f\"", "\"a.b\"", StringComparison.Ordinal)),
            Error("messages.1.content.0.tool_use.name: String should match pattern '^[a-zA-Z0-9_-]{1,128}$'")),
        new("tool-results", Loop(), Loop(result: "other"),
            Error("messages.2.content.0: unexpected `tool_use_id` found in `tool_result` blocks: other. Each `tool_result` block must have a corresponding `tool_use` block in the previous message.")),
        new("tool-results", Loop(), Messages($$"""{"role":"user","content":"Hi"},{"role":"assistant","content":null,"tool_calls":[{{Call}}]},{"role":"user","content":"And?"}"""),
            Error(
                "messages.1: `tool_use` ids were found without `tool_result` blocks immediately after: abcDEF123. Each `tool_use` block must have a corresponding `tool_result` block in the next message.")),
        new("prefill-end", Messages("""{"role":"user","content":"Hi"},{"role":"assistant","content":"{"}"""), Messages("""{"role":"user","content":"Hi"},{"role":"assistant","content":"So "}"""),
            Error("messages: final assistant content cannot end with trailing whitespace")),
    ];

    public static IEnumerable<StrictCase> OpenRouter => All
        .Where(static one => one.Rule is "tool-results" or "tool-call-id" or "function-name")
        .Select(static one => one with { Body = Wrapped(one.Body) });

    private static string Error(string message) =>
        $$$"""{"error":{"code":"invalid_request_error","message":"{{{message}}}","type":"invalid_request_error","param":null}}""";

    // What OpenRouter's provider said, as text within its own error.
    private static string Wrapped(string body)
    {
        var message = body.Split("\"message\":\"")[1].Split("\",\"type\"")[0];
        return $$$$"""{"error":{"message":"Provider returned error","code":400,"metadata":{"raw":"{\"type\":\"error\",\"error\":{\"type\":\"invalid_request_error\",\"message\":\"{{{{message}}}}\"}}","provider_name":"Anthropic"}}}""";
    }
}
