namespace MeaiRouter.Testing;

/// <summary>Cohere's rules: https://docs.cohere.com/docs/compatibility-api and /reference/chat, and reported errors.</summary>
internal static class CohereRules
{
    private const int MaxStops = 5;

    public static StrictDialect Dialect { get; } = new("cohere")
    {
        ErrorBody = ErrorEnvelopes.Cohere,
        Rules =
        [
            // https://github.com/OpenRouterTeam/openrouter-examples/issues/71; what the compatibility page counts among the unsupported.
            .. ((string[])["top_k", "parallel_tool_calls", "logit_bias", "n", "store", "metadata", "top_logprobs", "user", "prediction", "service_tier", "audio", "modalities"])
                .Select(static parameter => Rules.Refuses(parameter, static name =>
                    new($"unknown field: parameter '{name}' is not a valid field. For proper usage, please refer to https://docs.cohere.com/reference/chat") { Status = 422 })),
            // /reference/chat has the bounds.
            Bounded("temperature"), Bounded("frequency_penalty"), Bounded("presence_penalty"),
            Rules.AtMost("stop", MaxStops, static _ => new("invalid request: stop_sequences may have at most 5 elements.")),
            // /reference/chat: REQUIRED and NONE; what auto means is the default, and one function by name cannot be asked for.
            StrictRule.Of("tool-choice", static request =>
                request.ToolChoice == "function" ? new("invalid request: tool_choice must be one of 'REQUIRED' or 'NONE'.") : null),
            // The compatibility page: only these two efforts.
            StrictRule.Of("reasoning_effort", static request =>
                request.Body.Text("reasoning_effort") is not (null or "none" or "high") ? new("invalid request: reasoning_effort must be one of 'none' or 'high'.") : null),
            // https://github.com/yym68686/uni-api/issues/6
            Rules.EachMessage("empty-content", static message =>
                message.IsEmpty && message.Calls.Count == 0 && message.Role == "user"
                    ? new("invalid request: message must be at least 1 token long or tool results must be specified.")
                    : null),
            Rules.ToolResults(
                static message => new($"invalid request: tool call id not found in previous tool calls: {message.CallId}."),
                static (_, ids) => new($"invalid request: missing tool results for tool call ids: {string.Join(", ", ids)}.")),
        ],
    };

    private static StrictRule Bounded(string parameter) =>
        Rules.Range(parameter, 0, 1, _ => new($"invalid request: {parameter} must be between 0 and 1.0 inclusive."));
}
