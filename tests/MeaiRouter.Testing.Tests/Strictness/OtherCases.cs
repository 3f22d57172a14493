using static MeaiRouter.Testing.Tests.Strictness.StrictCase;

namespace MeaiRouter.Testing.Tests.Strictness;

/// <summary>The cases of providers with a few rules each.</summary>
internal static class OtherCases
{
    private const string Second = "second123";
    private const string JsonObject = """ "response_format":{"type":"json_object"} """;
    private const string JsonSchema = """ "response_format":{"type":"json_schema","json_schema":{"name":"n","schema":{}}} """;

    private static string TwoUsers => Messages("""{"role":"user","content":"a"},{"role":"user","content":"b"}""");

    private static string Turns => Messages("""{"role":"system","content":"s"},{"role":"user","content":"a"},{"role":"assistant","content":"b"},{"role":"user","content":"c"}""");

    private static string SystemLater => Messages("""{"role":"user","content":"a"},{"role":"assistant","content":"b"},{"role":"system","content":"s"},{"role":"user","content":"c"}""");

    private static string Developer => Messages("""{"role":"developer","content":"d"},{"role":"user","content":"a"}""");

    private static string TwoCallsOneResult => Loop($"{Call},{Call.Replace("abcDEF123", Second, StringComparison.Ordinal)}");

    private static string AsJson(string format) => Messages("""{"role":"user","content":"As JSON"}""", format);

    public static IEnumerable<StrictCase> DeepSeek =>
    [
        new("role", Turns, Developer, Deep("Failed to deserialize the JSON body into the target type: messages[0].role: unknown variant `developer`, expected one of `system`, `user`, `assistant`, `tool`"), 422),
        new("parts", User("""[{"type":"text","text":"Hi"}]"""), Image("https://a.test/i.png"),
            Deep("Failed to deserialize the JSON body into the target type: messages[0]: unknown variant `image_url`, expected `text`"), 422),
        new("temperature", With("\"temperature\":2"), With("\"temperature\":2.1"), Deep("Invalid temperature value, the valid range of temperature is [0, 2]")),
        new("function-name", WithFunction(), WithFunction("a.b"),
            Deep("Invalid 'tools[0].function.name': string does not match pattern. Expected a string that matches the pattern '^[a-zA-Z0-9_-]+$'.")),
        new("json-schema", AsJson(JsonObject), AsJson(JsonSchema), Deep("This response_format type is unavailable now")),
        new("json-word", AsJson(JsonObject), With(JsonObject), Deep("Prompt must contain the word 'json' in some form to use 'response_format' of type 'json_object'.")),
        .. ((string[])["logprobs", "top_logprobs"]).Select(static name => new StrictCase(
            name, With($"\"{name}\":1"), With($"\"{name}\":1,\"thinking\":{{\"type\":\"enabled\"}}"), Deep($"deepseek-reasoner does not support the parameter `{name}`"))),
        new("tool-choice", WithFunction(fields: "\"tool_choice\":\"required\""), WithFunction(fields: "\"tool_choice\":\"required\",\"reasoning_effort\":\"high\""),
            Deep("deepseek-reasoner does not support this tool_choice")),
        new("tool-results", Loop(), Loop(result: "other"), Deep("Messages with role 'tool' must be a response to a preceding message with 'tool_calls'")),
        new("tool-results", Loop(), TwoCallsOneResult,
            Deep("An assistant message with 'tool_calls' must be followed by tool messages responding to each 'tool_call_id'. (insufficient tool messages following tool_calls message)")),
        new("last-role", Reasoner(Turns), Reasoner(Messages("""{"role":"user","content":"a"},{"role":"assistant","content":"b"}""")),
            Deep("The last message of deepseek-reasoner must be a user message, or an assistant message with prefix mode on (refer to https://api-docs.deepseek.com/guides/chat_prefix_completion).")),
        new("missing-reasoning", Reasoner(Loop(besides: ",\"reasoning_content\":\"\"")), Reasoner(Loop()),
            Deep("Missing `reasoning_content` field in the assistant message at message index 1. For more information, please refer to https://api-docs.deepseek.com/guides/thinking_mode#tool-calls")),
    ];

    public static IEnumerable<StrictCase> Groq =>
    [
        new("parameters", With("\"seed\":1"), With("\"top_k\":5"), Short("property 'top_k' is unsupported")),
        new("parameters", With("\"seed\":1"), With("\"logprobs\":true"), Short("property 'logprobs' is unsupported")),
        new("message-fields", Loop(besides: ",\"reasoning\":\"r\""), Loop(besides: ",\"reasoning_content\":\"r\""),
            Short("'messages.1' : for 'role:assistant' the following must be satisfied[('messages.1' : property 'reasoning_content' is unsupported)]")),
        new("message-fields", User("\"Hi\""), Messages("""{"role":"user","content":"Hi","name":"Ann"}"""),
            Short("'messages.0' : for 'role:user' the following must be satisfied[('messages.0' : property 'name' is unsupported)]")),
        new("temperature", With("\"temperature\":2"), With("\"temperature\":2.1"), Short("'temperature' : number must be at most 2")),
        new("n", With("\"n\":1"), With("\"n\":2"), Short("'n' : number must be at most 1")),
        new("stop", With($"\"stop\":[{Numbers(4)}]"), With($"\"stop\":[{Numbers(5)}]"),
            Short(@"stop : one of the following must be satisfied\n  stop : value must be a string\n  stop : maximum number of items is 4")),
        new("tools", With($"\"tools\":[{Tools(128)}]"), With($"\"tools\":[{Tools(129)}]"), Short("'tools' : maximum number of items is 128")),
        new("reasoning_effort", With("\"reasoning_effort\":\"low\""), With("\"reasoning_effort\":\"none\""), Short("`reasoning_effort` must be one of `low`, `medium`, or `high`")),
        new("tools-with-format", WithFunction(), WithFunction(fields: JsonSchema), Short("json mode cannot be combined with tool/function calling")),
        new("stream-with-format", AsJson(JsonObject), AsJson(JsonObject + ",\"stream\":true"), Short("response_format` does not support streaming")),
        new("json-word", AsJson(JsonObject), With(JsonObject), Short("'messages' must contain the word 'json' in some form, to use 'response_format' of type 'json_object'.")),
    ];

    public static IEnumerable<StrictCase> XAI =>
    [
        .. ((string, string)[])[("stop", "stop"), ("presence_penalty", "presencePenalty"), ("frequency_penalty", "frequencyPenalty"), ("reasoning_effort", "reasoningEffort"), ("logit_bias", "logitBias")]
            is var refused ? refused.Select(static one => new StrictCase(
                one.Item1, With($"\"{one.Item1}\":null"), With($"\"{one.Item1}\":1"), Grok($"Argument not supported on this model: {one.Item2}"))) : [],
        new("temperature", With("\"temperature\":2"), With("\"temperature\":2.1"), Grok("Temperature must be between 0 and 2.")),
        new("tools", With($"\"tools\":[{Tools(128)}]"), With($"\"tools\":[{Tools(129)}]"), Grok("A maximum of 128 tools are allowed.")),
        new("empty-content", Loop(), User("\"\""), Grok("Each message must have at least one content element.")),
    ];

    public static IEnumerable<StrictCase> Perplexity =>
    [
        new("stop", With("\"stop\":null"), With("\"stop\":[\"x\"]"), Sonar("custom stop words are not implemented for completions.", "unsupported_parameter")),
        new("tools", With("\"seed\":1"), WithFunction(), Sonar("Tool calling is not supported for this model.", "unsupported_parameter")),
        new("temperature", With("\"temperature\":1.9"), With("\"temperature\":2"), Sonar("At body -> temperature: Input should be less than 2")),
        new("json-object", With(JsonSchema), With(JsonObject), Sonar("At body -> response_format -> type: Input should be 'json_schema'")),
        new("role", Turns, Developer, Sonar("At body -> messages -> 0 -> role: Input should be 'system', 'user' or 'assistant'")),
        new("turns", Turns, TwoUsers, Sonar("After the (optional) system message(s), user or tool message(s) should alternate with assistant message(s).", "invalid_message")),
        new("turns", Loop(), SystemLater, Sonar("After the (optional) system message(s), user or tool message(s) should alternate with assistant message(s).", "invalid_message")),
        new("last-role", Turns, Messages("""{"role":"user","content":"a"},{"role":"assistant","content":"b"}"""), Sonar("Last message must have role `user` or `tool`.", "invalid_message")),
    ];

    public static IEnumerable<StrictCase> Cohere =>
    [
        .. ((string[])["top_k", "parallel_tool_calls", "logit_bias", "n", "store", "metadata", "top_logprobs", "user", "prediction", "service_tier", "audio", "modalities"]).Select(static name => new StrictCase(
            name, With("\"seed\":1"), With($"\"{name}\":1"),
            Command($"unknown field: parameter '{name}' is not a valid field. For proper usage, please refer to https://docs.cohere.com/reference/chat"), 422)),
        .. ((string[])["temperature", "frequency_penalty", "presence_penalty"]).Select(static name => new StrictCase(
            name, With($"\"{name}\":1"), With($"\"{name}\":1.1"), Command($"invalid request: {name} must be between 0 and 1.0 inclusive."))),
        new("stop", With($"\"stop\":[{Numbers(5)}]"), With($"\"stop\":[{Numbers(6)}]"), Command("invalid request: stop_sequences may have at most 5 elements.")),
        new("tool-choice", WithFunction(fields: "\"tool_choice\":\"required\""), WithFunction(fields: """ "tool_choice":{"type":"function","function":{"name":"f"}} """),
            Command("invalid request: tool_choice must be one of 'REQUIRED' or 'NONE'.")),
        new("reasoning_effort", With("\"reasoning_effort\":\"high\""), With("\"reasoning_effort\":\"low\""), Command("invalid request: reasoning_effort must be one of 'none' or 'high'.")),
        new("empty-content", Loop(), User("\"\""), Command("invalid request: message must be at least 1 token long or tool results must be specified.")),
        new("tool-results", Loop(), Loop(result: "other"), Command("invalid request: tool call id not found in previous tool calls: other.")),
        new("tool-results", Loop(), TwoCallsOneResult, Command($"invalid request: missing tool results for tool call ids: {Second}.")),
    ];

    public static IEnumerable<StrictCase> VLlm =>
    [
        new("system-first", Turns, SystemLater, Served("System message must be at the beginning.")),
        new("turns", Loop(), TwoUsers, Served("After the optional system message, conversation roles must alternate user/assistant/user/assistant/...")),
    ];

    public static IEnumerable<StrictCase> LlamaCpp =>
    [
        new("system-first", Turns, SystemLater, Llama(500, "Jinja Exception: System message must be at the beginning.", "server_error"), 500),
        new("turns", Loop(), TwoUsers, Llama(500, "Jinja Exception: After the optional system message, conversation roles must alternate user/assistant/user/assistant/...", "server_error"), 500),
        new("function-schema", WithFunction(), WithFunction(schema: """{"type":"object","not":{}}"""),
            Llama(400, """JSON schema conversion failed:\nUnrecognized schema: {\"not\"}""", "invalid_request_error")),
    ];

    public static IEnumerable<StrictCase> Moonshot =>
    [
        new("temperature", With("\"temperature\":1"), With("\"temperature\":0.5"), Short("invalid temperature: only 1 is allowed for this model")),
        new("temperature", With("\"temperature\":0.6,\"thinking\":{\"type\":\"disabled\"}"), With("\"temperature\":1,\"thinking\":{\"type\":\"disabled\"}"), Short("invalid temperature: only 0.6 is allowed for this model")),
        new("top_p", With("\"top_p\":0.95"), With("\"top_p\":0.5"), Short("invalid top_p: only 0.95 is allowed for this model")),
        new("presence_penalty", With("\"presence_penalty\":0"), With("\"presence_penalty\":1"), Short("invalid presence_penalty: only 0 is allowed for this model")),
        new("frequency_penalty", With("\"frequency_penalty\":0"), With("\"frequency_penalty\":1"), Short("invalid frequency_penalty: only 0 is allowed for this model")),
        new("tool-choice", WithFunction(fields: "\"tool_choice\":\"required\",\"thinking\":{\"type\":\"disabled\"}"), WithFunction(fields: "\"tool_choice\":\"required\""),
            Short("tool_choice 'required' is incompatible with thinking enabled")),
        new("tool-choice", WithFunction(fields: "\"tool_choice\":\"auto\""), WithFunction(fields: """ "tool_choice":{"type":"function","function":{"name":"f"}} """),
            Short("tool_choice specified is incompatible with thinking enabled")),
        new("function-name", WithFunction(), WithFunction("_f"), Short("Invalid request: function name is invalid, must start with a letter and can contain letters, numbers, underscores, and dashes")),
        new("empty-content", Turns, User("\"\""), Short("Invalid request: the message at position 0 with role 'user' must not be empty")),
        new("image-url", Image("data:image/png;base64,AAAA"), Image("https://a.test/i.png"), Short("Invalid request: unsupported image url: https://a.test/i.png")),
        new("tool-results", Thought, Loop(result: "other"), Short("Invalid request: tool_call_id  is not found")),
        new("tool-results", Thought, TwoCallsOneResult,
            Short($"Invalid request: an assistant message with 'tool_calls' must be followed by tool messages responding to each 'tool_call_id'. The following tool_call_ids did not have response messages: {Second}")),
        new("missing-reasoning", Thought, Loop(), Short("thinking is enabled but reasoning_content is missing in assistant tool call message at index 1")),
    ];

    public static IEnumerable<StrictCase> ZAI =>
    [
        new("temperature", With("\"temperature\":1"), With("\"temperature\":1.1"), Glm("1210", "Invalid API parameter, please check the documentation.")),
        new("top_p", With("\"top_p\":1"), With("\"top_p\":0"), Glm("1210", "Invalid API parameter, please check the documentation.")),
        new("stop", With($"\"stop\":[{Numbers(4)}]"), With($"\"stop\":[{Numbers(5)}]"), Glm("1214", "stop:最大只能有4个停止词")),
        new("tool-choice", WithFunction(fields: "\"tool_choice\":\"auto\""), WithFunction(fields: "\"tool_choice\":\"required\""), Glm("1210", "Invalid API parameter, please check the documentation.")),
        new("json-schema", With(JsonObject), With(JsonSchema), Glm("1210", "Invalid API parameter, please check the documentation.")),
        new("role", Turns, Developer, Glm("1214", "Incorrect role information")),
        new("empty-content", Turns, User("\"\""), Glm("1213", "The prompt parameter was not received normally.")),
        new("user-message", Turns, Messages("""{"role":"system","content":"s"}"""), Glm("1214", "The messages parameter is illegal. Please check the documentation.")),
    ];

    private static string Thought => Loop(besides: ",\"reasoning_content\":\"\"");

    private static string Reasoner(string body) => body.Replace("\"model\":\"m\"", "\"model\":\"deepseek-reasoner\"", StringComparison.Ordinal);

    private static string Deep(string message) =>
        $$$"""{"error":{"message":"{{{message}}}","type":"invalid_request_error","param":null,"code":"invalid_request_error"}}""";

    private static string Short(string message) => $$$"""{"error":{"message":"{{{message}}}","type":"invalid_request_error"}}""";

    private static string Grok(string message) => $$"""{"code":"Client specified an invalid argument","error":"{{message}}"}""";

    private static string Sonar(string message, string type = "bad_request") => $$$"""{"error":{"message":"{{{message}}}","type":"{{{type}}}","code":400}}""";

    private static string Command(string message) => $$"""{"message":"{{message}}"}""";

    private static string Served(string message) => $$$"""{"error":{"message":"{{{message}}}","type":"BadRequestError","param":null,"code":400}}""";

    private static string Llama(int status, string message, string type) =>
        $$$"""{"error":{"code":{{{status.ToString(System.Globalization.CultureInfo.InvariantCulture)}}},"message":"{{{message}}}","type":"{{{type}}}"}}""";

    private static string Glm(string code, string message) => $$$"""{"error":{"code":"{{{code}}}","message":"{{{message}}}"}}""";
}
