using System.Collections.Frozen;

namespace MeaiRouter.Testing;

/// <summary>Groq's rules: https://console.groq.com/docs/openai and /docs/api-reference, and reported errors.</summary>
internal static class GroqRules
{
    private const double MaxTemperature = 2;
    private const int MaxStops = 4;
    private const int MaxTools = 128;

    // The API reference without what /docs/openai says is answered with 400: logprobs, logit_bias, top_logprobs.
    private static readonly FrozenSet<string> Parameters = FrozenSet.ToFrozenSet(
    [
        "model", "messages", "citation_options", "compound_custom", "disable_tool_validation", "documents", "exclude_domains", "frequency_penalty", "function_call",
        "functions", "include_domains", "include_reasoning", "max_completion_tokens", "max_tokens", "metadata", "n", "parallel_tool_calls", "presence_penalty",
        "reasoning_effort", "reasoning_format", "response_format", "search_settings", "seed", "service_tier", "stop", "store", "stream", "stream_options",
        "temperature", "tool_choice", "tools", "top_p", "user",
    ]);

    private static readonly FrozenSet<string> MessageFields = FrozenSet.ToFrozenSet(["role", "content"]);

    private static readonly FrozenSet<string> AssistantFields = FrozenSet.ToFrozenSet(["role", "content", "reasoning", "tool_calls", "function_call"]);

    private static readonly FrozenSet<string> ToolFields = FrozenSet.ToFrozenSet(["role", "content", "tool_call_id"]);

    public static StrictDialect Dialect { get; } = new("groq")
    {
        ErrorBody = ErrorEnvelopes.Groq,
        Answers = AnswerShape.Groq,
        Rules =
        [
            // https://github.com/musistudio/llms/pull/64
            Rules.Parameters(Parameters, static (unknown, _) => new($"property '{unknown[0]}' is unsupported")),
            // https://github.com/SimonSchubert/Kai/issues/265; that messages[].name is refused too, /docs/openai says.
            Rules.EachMessage("message-fields", static message => Unknown(message) is { } name
                ? new($"'messages.{message.Index}' : for 'role:{message.Role}' the following must be satisfied[('messages.{message.Index}' : property '{name}' is unsupported)]")
                : null),
            Rules.Range("temperature", 0, MaxTemperature, static value => new($"'temperature' : number must be {(value < 0 ? "at least 0" : "at most 2")}")),
            // /docs/openai: if n is given, it must be 1.
            StrictRule.Of("n", static request => request.Body.Number("n") is not (null or 1) ? new("'n' : number must be at most 1") : null),
            // https://github.com/letta-ai/letta/pull/1288
            Rules.AtMost("stop", MaxStops, static _ => new("stop : one of the following must be satisfied\n  stop : value must be a string\n  stop : maximum number of items is 4")),
            // https://github.com/gsd-build/gsd-2/issues/4376
            Rules.AtMost("tools", MaxTools, static _ => new("'tools' : maximum number of items is 128")),
            // https://console.groq.com/docs/reasoning: gpt-oss knows three.
            StrictRule.Of("reasoning_effort", static request =>
                request.Body.Text("reasoning_effort") is not (null or "low" or "medium" or "high")
                    ? new("`reasoning_effort` must be one of `low`, `medium`, or `high`")
                    : null),
            // https://github.com/vercel/ai/pull/16540
            StrictRule.Of("tools-with-format", static request =>
                request.Format != "text" && request.HasTools ? new("json mode cannot be combined with tool/function calling") : null),
            // https://github.com/BerriAI/litellm/issues/4804; https://console.groq.com/docs/structured-outputs says so of json_schema.
            StrictRule.Of("stream-with-format", static request =>
                request.Format != "text" && request.Streamed ? new("response_format` does not support streaming") : null),
            StrictRule.Of("json-word", static request => request.Format == "json_object" && !request.SaysJson()
                ? new("'messages' must contain the word 'json' in some form, to use 'response_format' of type 'json_object'.")
                : null),
        ],
    };

    private static string? Unknown(WireMessage message)
    {
        var known = message.Role switch { "assistant" => AssistantFields, "tool" => ToolFields, _ => MessageFields };
        return message.Json.Names().FirstOrDefault(name => !known.Contains(name));
    }
}
