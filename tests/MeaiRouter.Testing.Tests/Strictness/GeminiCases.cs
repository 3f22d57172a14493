using static MeaiRouter.Testing.Tests.Strictness.StrictCase;

namespace MeaiRouter.Testing.Tests.Strictness;

internal static class GeminiCases
{
    private const string BadRequest = "type.googleapis.com/google.rpc.BadRequest";

    public static IEnumerable<StrictCase> Gemini =>
    [
        .. Common,
        new("tools-with-format", WithFunction(), WithFunction(fields: """ "response_format":{"type":"json_object"} """),
            Error("Function calling with a response mime type: 'application/json' is unsupported")),
    ];

    public static IEnumerable<StrictCase> Gemini3 =>
    [
        .. Common.Select(static one => one with { Kept = one.Kept.Replace(Call, Signed(Call), StringComparison.Ordinal) }),
        new("missing-signature", Loop(Signed(Call)), Loop(), Error(
            "Function call is missing a thought_signature in functionCall parts. This is required for tools to work correctly, and missing thought_signature may lead to degraded model performance. "
            + "Additional data, function call `default_api:f` , position 2. Please refer to https://ai.google.dev/gemini-api/docs/thought-signatures for more details.")),
    ];

    private static IEnumerable<StrictCase> Common =>
    [
        new("parameters", With("\"reasoning_effort\":\"low\""), With("\"top_k\":5,\"seed\":1"),
            Error(
                "Invalid JSON payload received. Unknown name \\\"top_k\\\": Cannot find field.\\nInvalid JSON payload received. Unknown name \\\"seed\\\": Cannot find field.",
                """{"description":"Invalid JSON payload received. Unknown name \"top_k\": Cannot find field."},{"description":"Invalid JSON payload received. Unknown name \"seed\": Cannot find field."}""")),
        new("message-fields", Loop(), Loop(besides: ",\"reasoning_content\":\"\""),
            Error(
                "Invalid JSON payload received. Unknown name \\\"reasoning_content\\\" at 'messages[1]': Cannot find field.",
                """{"field":"messages[1]","description":"Invalid JSON payload received. Unknown name \"reasoning_content\" at 'messages[1]': Cannot find field."}""")),
        new("function-schema", WithFunction(schema: """{"type":"object","properties":{"a":{"type":"string","enum":["x"]}}}"""),
            WithFunction(schema: """{"type":"object","properties":{"z":{"type":"string"},"a":{"type":"array","items":{"const":1}}}}"""),
            Error(
                "Invalid JSON payload received. Unknown name \\\"const\\\" at 'tools[0].function_declarations[0].parameters.properties[1].value.items': Cannot find field.",
                """{"field":"tools[0].function_declarations[0].parameters.properties[1].value.items","description":"Invalid JSON payload received. Unknown name \"const\" at 'tools[0].function_declarations[0].parameters.properties[1].value.items': Cannot find field."}""")),
        new("function-format", WithFunction(schema: """{"type":"object","properties":{"a":{"type":"string","format":"date-time"}}}"""),
            WithFunction(schema: """{"type":"object","properties":{"a":{"type":"string","format":"uri"}}}"""),
            Error(@"* GenerateContentRequest.tools[0].function_declarations[0].parameters.properties[0].value.format: only 'enum' and 'date-time' are supported for STRING type\n")),
        new("function-name", WithFunction("a.b:c-d"), WithFunction("1f"),
            Error(
                @"The GenerateContentRequest proto is invalid:\n  * tools[0].function_declarations[0].name: [FIELD_INVALID] Invalid function name. Must start with a letter or an underscore. "
                + "Must be a-z, A-Z, 0-9, or contain underscores (_), dots (.), colons (:), or dashes (-), with a maximum length of 64.")),
        new("temperature", With("\"temperature\":2"), With("\"temperature\":2.1"), Error(@"* GenerateContentRequest.generation_config.temperature: temperature must be in the range [0.0, 2.0].\n")),
        new("stop", With($"\"stop\":[{Numbers(5)}]"), With($"\"stop\":[{Numbers(6)}]"), Error(@"* GenerateContentRequest.generation_config.stop_sequences: at most 5 stop sequences are supported.\n")),
        new("contents", With("\"n\":1"), Messages("""{"role":"system","content":"S"}"""), Error(@"* GenerateContentRequest.contents: contents is not specified\n")),
        new("empty-content", Loop(), User("\"\""), Error(@"* GenerateContentRequest.contents[0].parts: contents.parts must not be empty.\n")),
        new("image-url", Image("data:image/png;base64,AAAA"), Image("https://a.test/i.png"), Error("Invalid or unsupported file uri: https://a.test/i.png")),
        new("function-call-turn", Loop(),
            Messages(
                $$"""{"role":"user","content":"Hi"},{"role":"assistant","content":"So"},{"role":"assistant","content":null,"tool_calls":[{{Call}}]},{"role":"tool","tool_call_id":"abcDEF123","content":"1"}"""),
            Error("Please ensure that function call turn comes immediately after a user turn or after a function response turn.")),
        new("tool-results", Loop(), Messages("""{"role":"user","content":"Hi"},{"role":"tool","tool_call_id":"abcDEF123","content":"1"}"""),
            Error("Please ensure that function response turn comes immediately after a function call turn.")),
        new("tool-results", Loop(), Messages($$"""{"role":"user","content":"Hi"},{"role":"assistant","content":null,"tool_calls":[{{Call}}]},{"role":"user","content":"And?"}"""),
            Error("Please ensure that the number of function response parts is equal to the number of function call parts of the function call turn.")),
        new("foreign-signature", Loop(Signed(Call)), Loop(Signed(Call, "sig-other-0011-2233")), Error("Corrupted thought signature.")),
    ];

    private static string Signed(string call, string signature = "skip_thought_signature_validator") =>
        $$$$"""{{{{call[..^1]}}}},"extra_content":{"google":{"thought_signature":"{{{{signature}}}}"}}}""";

    private static string Error(string message, string? violations = null) =>
        violations is null
            ? $$$"""[{"error":{"code":400,"message":"{{{message}}}","status":"INVALID_ARGUMENT"}}]"""
            : $$$"""[{"error":{"code":400,"message":"{{{message}}}","status":"INVALID_ARGUMENT","details":[{"@type":"{{{BadRequest}}}","fieldViolations":[{{{violations}}}]}]}}]""";
}
