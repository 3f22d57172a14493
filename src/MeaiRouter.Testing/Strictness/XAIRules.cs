namespace MeaiRouter.Testing;

/// <summary>xAI's rules for its reasoning models: https://docs.x.ai/docs/guides/reasoning and reported errors.</summary>
internal static class XAIRules
{
    private const int MaxTools = 128;
    private const double MaxTemperature = 2;

    public static StrictDialect Dialect { get; } = new("xai")
    {
        ErrorBody = ErrorEnvelopes.XAI,
        Answers = AnswerShape.XAI,
        Rules =
        [
            // https://github.com/BerriAI/litellm/issues/12635, https://github.com/lobehub/lobehub/issues/8381; it names them as its own protocol does.
            Refuses("stop", "stop"), Refuses("presence_penalty", "presencePenalty"), Refuses("frequency_penalty", "frequencyPenalty"),
            // https://github.com/charmbracelet/catwalk/pull/181: grok-4 reasons as it likes.
            Refuses("reasoning_effort", "reasoningEffort"),
            // https://docs.x.ai/docs/api-reference: not supported.
            Refuses("logit_bias", "logitBias"),
            Rules.Range("temperature", 0, MaxTemperature, static _ => new("Temperature must be between 0 and 2.")),
            // The guide to function calling has the limit.
            Rules.AtMost("tools", MaxTools, static _ => new("A maximum of 128 tools are allowed.")),
            Rules.EachMessage("empty-content", static message =>
                message.IsEmpty && message.Calls.Count == 0 && message.Role != "tool" ? new("Each message must have at least one content element.") : null),
        ],
    };

    private static StrictRule Refuses(string parameter, string name) =>
        Rules.Refuses(parameter, _ => new($"Argument not supported on this model: {name}"));
}
