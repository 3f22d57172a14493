using static MeaiRouter.Testing.Tests.Strictness.StrictCase;

namespace MeaiRouter.Testing.Tests.Strictness;

internal static class OpenAICases
{
    public static IEnumerable<StrictCase> Chat =>
    [
        new("parameters", With("\"seed\":1"), With("\"top_k\":5,\"foo\":1"), Error("Unrecognized request arguments supplied: top_k, foo")),
        new("parameters", With("\"seed\":1"), With("\"reasoning_effort\":\"low\""), Error("Unrecognized request argument supplied: reasoning_effort")),
        Bounded("temperature", "2", "2.5", "Invalid 'temperature': decimal above maximum value. Expected a value <= 2, but got 2.5 instead.", "decimal_above_max_value"),
        Bounded("top_p", "1", "1.5", "Invalid 'top_p': decimal above maximum value. Expected a value <= 1, but got 1.5 instead.", "decimal_above_max_value"),
        Bounded("frequency_penalty", "-2", "-3", "Invalid 'frequency_penalty': decimal below minimum value. Expected a value >= -2, but got -3 instead.", "decimal_below_min_value"),
        Bounded("presence_penalty", "2", "3", "Invalid 'presence_penalty': decimal above maximum value. Expected a value <= 2, but got 3 instead.", "decimal_above_max_value"),
        new("stop", With($"\"stop\":[{Numbers(4)}]"), With($"\"stop\":[{Numbers(5)}]"),
            Error("Invalid 'stop': array too long. Expected an array with maximum length 4, but got an array with length 5 instead.", "stop", "array_above_max_length")),
        .. Common,
    ];

    public static IEnumerable<StrictCase> Reasoning =>
    [
        new("parameters", With("\"reasoning_effort\":\"low\""), With("\"top_k\":5"), Error("Unrecognized request argument supplied: top_k")),
        new("max_tokens", With("\"max_completion_tokens\":5"), With("\"max_tokens\":5"),
            Error("Unsupported parameter: 'max_tokens' is not supported with this model. Use 'max_completion_tokens' instead.", "max_tokens", "unsupported_parameter")),
        .. ((string[])["temperature", "top_p", "frequency_penalty", "presence_penalty", "logprobs", "top_logprobs", "logit_bias", "stop"]).Select(static name => new StrictCase(
            name, With($"\"{name}\":null"), With($"\"{name}\":1"),
            Error($"Unsupported parameter: '{name}' is not supported with this model.", name, "unsupported_parameter"))),
        new("reasoning_effort", With("\"reasoning_effort\":\"high\""), With("\"reasoning_effort\":\"minimal\""),
            Error("Unsupported value: 'reasoning_effort' does not support 'minimal' with this model. Supported values are: 'low', 'medium', and 'high'.", "reasoning_effort", "unsupported_value")),
        .. Common,
    ];

    private static IEnumerable<StrictCase> Common =>
    [
        new("message-fields", Loop(besides: ",\"name\":\"a\""), Loop(besides: ",\"reasoning_content\":\"\""),
            Error("Unknown parameter: 'messages[1].reasoning_content'.", "messages[1].reasoning_content", "unknown_parameter")),
        new("name", Messages("""{"role":"user","content":"Hi","name":"Ann"}"""), Messages("""{"role":"user","content":"Hi","name":"Ann Lee"}"""),
            Error(@"Invalid 'messages[0].name': string does not match pattern. Expected a string that matches the pattern '^[^\\s<|\\\\/>]+$'.", "messages[0].name", "invalid_value")),
        new("tools", With($"\"tools\":[{Tools(128)}]"), With($"\"tools\":[{Tools(129)}]"),
            Error("Invalid 'tools': array too long. Expected an array with maximum length 128, but got an array with length 129 instead.", "tools", "array_above_max_length")),
        new("function-name", WithFunction("a-b_1"), WithFunction("a.b"),
            Error("Invalid 'tools[0].function.name': string does not match pattern. Expected a string that matches the pattern '^[a-zA-Z0-9_-]+$'.", "tools[0].function.name", "invalid_value")),
        new("function-name", WithFunction(new string('a', 64)), WithFunction(new string('a', 65)),
            Error("Invalid 'tools[0].function.name': string too long. Expected a string with maximum length 64, but got a string with length 65 instead.", "tools[0].function.name", "string_above_max_length")),
        new("function-schema", WithFunction(), WithFunction(schema: """{"anyOf":[]}"""),
            Error(
                "Invalid schema for function 'f': schema must have type 'object' and not have 'oneOf'/'anyOf'/'allOf'/'enum'/'not' at the top level.", "tools[0].function.parameters",
                "invalid_function_parameters")),
        new("tool_choice", WithFunction(fields: "\"tool_choice\":\"auto\""), With("\"tool_choice\":\"auto\""),
            Error("Invalid value for 'tool_choice': 'tool_choice' is only allowed when 'tools' are specified.", "tool_choice")),
        new("parallel_tool_calls", WithFunction(fields: "\"parallel_tool_calls\":true"), With("\"parallel_tool_calls\":true"),
            Error("Invalid value for 'parallel_tool_calls': 'parallel_tool_calls' is only allowed when 'tools' are specified.", "parallel_tool_calls")),
        new("tool-call-id", Loop(), Loop(Call.Replace("abcDEF123", new string('x', 41), StringComparison.Ordinal), result: new string('x', 41)),
            Error("Invalid 'messages[1].tool_calls[0].id': string too long. Expected a string with maximum length 40, but got a string with length 41 instead.", "messages[1].tool_calls[0].id", "string_above_max_length")),
        new("tool-call-name", Loop(), Loop(Call.Replace("\"f\"", "\"a.b\"", StringComparison.Ordinal)),
            Error(
                "Invalid 'messages[1].tool_calls[0].function.name': string does not match pattern. Expected a string that matches the pattern '^[a-zA-Z0-9_-]+$'.",
                "messages[1].tool_calls[0].function.name", "invalid_value")),
        new("tool-results", Loop(), Loop(result: "other1234"),
            Error("Invalid parameter: messages with role 'tool' must be a response to a preceeding message with 'tool_calls'.", "messages.[2].role")),
        new("tool-results", Loop(), Loop($"{Call},{Call.Replace("abcDEF123", "second123", StringComparison.Ordinal)}"),
            Error(
                "An assistant message with 'tool_calls' must be followed by tool messages responding to each 'tool_call_id'. The following tool_call_ids did not have response messages: second123",
                "messages.[2].role")),
        new("images", Image("https://a.test/i.png"),
            Loop().Replace("\"content\":\"1\"", """
                "content":[{"type":"image_url","image_url":{"url":"https://a.test/i.png"}}]
                """, StringComparison.Ordinal),
            Error("Invalid 'messages[2]'. Image URLs are only allowed for messages with role 'user', but this message with role 'tool' contains an image URL.", "messages[2]", "invalid_value")),
        new("json-word", Messages("""{"role":"user","content":"As JSON"}""", """ "response_format":{"type":"json_object"} """), With(""" "response_format":{"type":"json_object"} """),
            Error("'messages' must contain the word 'json' in some form, to use 'response_format' of type 'json_object'.", "messages")),
        new("strict-schema",
            With(""" "response_format":{"type":"json_schema","json_schema":{"name":"n","strict":true,"schema":{"type":"object","additionalProperties":false}}} """),
            With(""" "response_format":{"type":"json_schema","json_schema":{"name":"n","strict":true,"schema":{"type":"object"}}} """),
            Error("Invalid schema for response_format 'n': In context=(), 'additionalProperties' is required to be supplied and to be false.", "response_format")),
    ];

    private static StrictCase Bounded(string parameter, string kept, string broken, string message, string code) =>
        new(parameter, With($"\"{parameter}\":{kept}"), With($"\"{parameter}\":{broken}"), Error(message, parameter, code));

    private static string Error(string message, string? param = null, string? code = null) =>
        $$$"""{"error":{"message":"{{{message}}}","type":"invalid_request_error","param":{{{Quote(param)}}},"code":{{{Quote(code)}}}}}""";

    private static string Quote(string? text) => text is null ? "null" : $"\"{text}\"";
}
