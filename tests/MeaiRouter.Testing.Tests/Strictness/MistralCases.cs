using static MeaiRouter.Testing.Tests.Strictness.StrictCase;

namespace MeaiRouter.Testing.Tests.Strictness;

internal static class MistralCases
{
    public static IEnumerable<StrictCase> All =>
    [
        Schema("parameters", With("\"random_seed\":1"), With("\"seed\":1"), """{"type":"extra_forbidden","loc":["body","seed"],"msg":"Extra inputs are not permitted","input":1}"""),
        Schema("temperature", With("\"temperature\":1.5"), With("\"temperature\":1.75"),
            """{"type":"less_than_equal","loc":["body","temperature"],"msg":"Input should be less than or equal to 1.5","input":1.75,"ctx":{"le":1.5}}"""),
        Schema("role", User("\"Hi\""), Messages("""{"role":"developer","content":"D"},{"role":"user","content":"Hi"}"""),
            """{"type":"union_tag_invalid","loc":["body","messages",0],"msg":"Input tag 'developer' found using 'role' does not match any of the expected tags: 'assistant', 'system', 'tool', 'user'"}"""),
        Schema("message-fields", Loop(), Loop(besides: ",\"reasoning_content\":\"x\""),
            """{"type":"extra_forbidden","loc":["body","messages",1,"assistant","reasoning_content"],"msg":"Extra inputs are not permitted","input":"x"}"""),
        new("function-name", WithFunction("a-b"), WithFunction("a.b"), Error(Name("a.b"), "invalid_function_call", "3280")),
        new("tool-call-name", Loop(), Loop(Call.Replace("\"f\"", "\"a.b\"", StringComparison.Ordinal)), Error(Name("a.b"), "invalid_function_call", "3280")),
        new("tool-call-id", Loop(), Loop(Call.Replace("abcDEF123", "call_1", StringComparison.Ordinal), result: "call_1"),
            Error("Tool call id was call_1 but must be a-z, A-Z, 0-9, with a length of 9.", "invalid_function_call", "3280")),
        new("tool-result-id", Loop(), Loop(result: "call_2"), Error("Tool call id was call_2 but must be a-z, A-Z, 0-9, with a length of 9.", "invalid_function_call", "3280")),
        new("empty-assistant", Turns("So"), Turns(""), Error("Assistant message must have either content or tool_calls, but not none.", "invalid_request_assistant_message", "3240")),
        Order("order", Turns("So"), Loop().Replace("\"content\":\"1\"}", "\"content\":\"1\"},{\"role\":\"user\",\"content\":\"And?\"}", StringComparison.Ordinal), "Unexpected role 'user' after role 'tool'"),
        Order("order", Messages("""{"role":"user","content":"a"},{"role":"user","content":"b"}"""),
            Messages("""{"role":"user","content":"a"},{"role":"assistant","content":"b"},{"role":"system","content":"c"},{"role":"user","content":"d"}"""), "Unexpected role 'system' after role 'assistant'"),
        Order("first-role", Loop(), Messages("""{"role":"tool","tool_call_id":"abcDEF123","content":"1"}"""), "Unexpected role 'tool' as the first message"),
        Order("last-role", Messages("""{"role":"user","content":"a"},{"role":"assistant","content":"b","prefix":true}"""), Messages("""{"role":"user","content":"a"},{"role":"assistant","content":"b"}"""),
            "Expected last role User or Tool (or Assistant with prefix True) for serving but got assistant"),
        Order("tool-results", Loop(), Loop(result: "other1234"), "Unexpected tool call id other1234 in tool results"),
        Order("tool-results", Loop(), Loop($"{Call},{Call.Replace("abcDEF123", "second123", StringComparison.Ordinal)}"), "Not the same number of function calls and responses"),
    ];

    private static StrictCase Order(string rule, string kept, string broken, string message) => new(rule, kept, broken, Error(message, "invalid_request_message_order", "3230"));

    private static StrictCase Schema(string rule, string kept, string broken, string detail) => new(
        rule, kept, broken, $$$"""{"object":"error","message":{"detail":[{{{detail}}}]},"type":"invalid_request_error","param":null,"code":null}""", 422);

    private static string Name(string name) => $"Function name was {name} but must be a-z, A-Z, 0-9, or contain underscores and dashes, with a maximum length of 64.";

    private static string Error(string message, string type, string code) =>
        $$"""{"object":"error","message":"{{message}}","type":"{{type}}","param":null,"code":"{{code}}","raw_status_code":400}""";

    private static string Turns(string assistant) => Messages($$"""{"role":"user","content":"a"},{"role":"assistant","content":"{{assistant}}"},{"role":"user","content":"c"}""");
}
