namespace MeaiRouter.Testing;

/// <summary>DeepSeek's rules: https://api-docs.deepseek.com/api/create-chat-completion and /guides/thinking_mode, and reported errors.</summary>
internal static class DeepSeekRules
{
    private const double MaxTemperature = 2;

    public static StrictDialect Dialect { get; } = new("deepseek")
    {
        ErrorBody = ErrorEnvelopes.DeepSeek,
        Answers = AnswerShape.DeepSeek,
        Rules =
        [
            // The server reads the body into Rust's types and says what serde says, the position in the text left aside.
            Rules.EachMessage("role", static message => message.Role is "system" or "user" or "assistant" or "tool" ? null : new(
                $"Failed to deserialize the JSON body into the target type: messages[{message.Index}].role: unknown variant `{message.Role}`, expected one of `system`, `user`, `assistant`, `tool`")
                { Status = 422 }),
            Rules.EachMessage("parts", static message =>
                message.Parts.Select(static part => part.Text("type")).FirstOrDefault(static type => type != "text") is { } type
                    ? new($"Failed to deserialize the JSON body into the target type: messages[{message.Index}]: unknown variant `{type}`, expected `text`") { Status = 422 }
                    : null),
            Rules.Range("temperature", 0, MaxTemperature, static _ => new("Invalid temperature value, the valid range of temperature is [0, 2]")),
            Rules.EachFunction("function-name", static (i, function) => function.Text("name") is { Length: <= 64 } name && OpenAIRules.FunctionName().IsMatch(name)
                ? null
                : new($"Invalid 'tools[{i}].function.name': string does not match pattern. Expected a string that matches the pattern '^[a-zA-Z0-9_-]+$'.")),
            // https://github.com/llm-exe/llm-exe/issues/662
            StrictRule.Of("json-schema", static request =>
                request.Format is "text" or "json_object" ? null : new("This response_format type is unavailable now")),
            // https://github.com/vercel/ai/issues/7913
            StrictRule.Of("json-word", static request => request.Format == "json_object" && !request.SaysJson()
                ? new("Prompt must contain the word 'json' in some form to use 'response_format' of type 'json_object'.")
                : null),
            // https://github.com/lollipopkit/flutter_gpt_box/issues/213; of what was refused there only these still are, the rest has no effect.
            .. ((string[])["logprobs", "top_logprobs"]).Select(static parameter => StrictRule.Of(parameter, request =>
                request.Body.Has(parameter) && Thinks(request) ? new($"deepseek-reasoner does not support the parameter `{parameter}`") : null)),
            StrictRule.Of("tool-choice", static request =>
                request.ToolChoice is "required" or "function" && Thinks(request) ? new("deepseek-reasoner does not support this tool_choice") : null),
            // https://github.com/FoundationAgents/OpenManus/issues/744, https://github.com/smallmain/vscode-unify-chat-provider/issues/248
            Rules.ToolResults(
                static _ => new("Messages with role 'tool' must be a response to a preceding message with 'tool_calls'"),
                static (_, _) => new(
                    "An assistant message with 'tool_calls' must be followed by tool messages responding to each 'tool_call_id'. (insufficient tool messages following tool_calls message)")),
            // https://github.com/pig-mesh/deepseek4j/issues/73; prefixes are known at another address only.
            StrictRule.Of("last-role", static request =>
                request.Model.Contains("reasoner", StringComparison.Ordinal) && request.Messages is [.., { Role: not ("user" or "tool") } last]
                && !last.Json.IsTrue("prefix")
                    ? new(
                        "The last message of deepseek-reasoner must be a user message, or an assistant message with prefix mode on "
                        + "(refer to https://api-docs.deepseek.com/guides/chat_prefix_completion).")
                    : null),
            // https://github.com/hotovo/aider-desk/issues/529; an empty one is enough for calls of another model (https://github.com/MoonshotAI/kimi-cli/issues/2141).
            // Where no tool was called it is ignored, not refused.
            StrictRule.Of("missing-reasoning", static request =>
                Thinks(request) && request.Messages.FirstOrDefault(static message => message.Calls.Count > 0 && message.Json.Text("reasoning_content") is null) is { } message
                    ? new(
                        $"Missing `reasoning_content` field in the assistant message at message index {message.Index}. "
                        + "For more information, please refer to https://api-docs.deepseek.com/guides/thinking_mode#tool-calls")
                    : null),
            // The documentation wants the reasoning of its own calls complete; the service cannot know, this one does. Words: https://github.com/MoonshotAI/kimi-cli/issues/2141
            StrictRule.Of("changed-reasoning", static request =>
                Thinks(request) && request.Messages.Any(message => message.Calls.Any(call => !request.Issued.Fits(call.Id, message.Json.Text("reasoning_content") ?? "")))
                    ? new("The `reasoning_content` in the thinking mode must be passed back to the API.")
                    : null),
        ],
    };

    private static bool Thinks(StrictRequest request) =>
        request.Body.Get("thinking").Text("type") switch
        {
            "enabled" => true,
            "disabled" => false,
            _ => request.Model.Contains("reasoner", StringComparison.Ordinal) || request.Body.Text("reasoning_effort") is not (null or "none"),
        };
}
