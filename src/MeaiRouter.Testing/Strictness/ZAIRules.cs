namespace MeaiRouter.Testing;

/// <summary>Z.ai's rules: https://docs.z.ai/api-reference/llm/chat-completion and reported errors.</summary>
internal static class ZAIRules
{
    private const int MaxStops = 4;

    public static StrictDialect Dialect { get; } = new("zai")
    {
        ErrorBody = ErrorEnvelopes.ZAI,
        Answers = AnswerShape.ZAI,
        Rules =
        [
            // The reference: 0 to 1. Of parameters the answer says no more than this (https://github.com/Kilo-Org/kilocode/issues/13069).
            Rules.Range("temperature", 0, 1, static _ => Parameter),
            Rules.Range("top_p", 0.01, 1, static _ => Parameter),
            // https://github.com/QwenLM/Qwen-Agent/issues/370
            Rules.AtMost("stop", MaxStops, static _ => new("stop:最大只能有4个停止词") { Code = "1214" }),
            // The reference: only auto.
            StrictRule.Of("tool-choice", static request => request.ToolChoice is null or "auto" ? null : Parameter),
            // The reference: text and json_object.
            StrictRule.Of("json-schema", static request => request.Format is "text" or "json_object" ? null : Parameter),
            Rules.EachMessage("role", static message =>
                message.Role is "system" or "user" or "assistant" or "tool" ? null : new("Incorrect role information") { Code = "1214" }),
            Rules.EachMessage("empty-content", static message =>
                message.Role == "user" && message.IsEmpty ? new("The prompt parameter was not received normally.") { Code = "1213" } : null),
            // https://github.com/anomalyco/opencode/issues/2557: without a message of the user.
            StrictRule.Of("user-message", static request =>
                request.Messages.Any(static message => message.Role == "user") ? null : new("The messages parameter is illegal. Please check the documentation.") { Code = "1214" }),
        ],
    };

    private static RuleViolation Parameter => new("Invalid API parameter, please check the documentation.") { Code = "1210" };
}
