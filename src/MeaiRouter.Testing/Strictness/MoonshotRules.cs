using System.Text.RegularExpressions;

namespace MeaiRouter.Testing;

/// <summary>Moonshot's rules for its thinking models: https://platform.moonshot.ai/docs/guide/use-kimi-k2-thinking-model and reported errors.</summary>
internal static partial class MoonshotRules
{
    public static StrictDialect Dialect { get; } = new("moonshot")
    {
        ErrorBody = ErrorEnvelopes.Moonshot,
        Answers = AnswerShape.Moonshot,
        Rules =
        [
            // https://github.com/UKGovernmentBEIS/inspect_ai/pull/5156: the value depends on whether it thinks.
            StrictRule.Of("temperature", static request => Only(request, "temperature", Thinks(request) ? 1 : 0.6)),
            // https://github.com/iOfficeAI/gemini-cli-pro/pull/30
            StrictRule.Of("top_p", static request => Only(request, "top_p", 0.95)),
            StrictRule.Of("presence_penalty", static request => Only(request, "presence_penalty", 0)),
            StrictRule.Of("frequency_penalty", static request => Only(request, "frequency_penalty", 0)),
            // https://github.com/AstrBotDevs/AstrBot/issues/7805, https://github.com/can1357/oh-my-pi/issues/1077
            StrictRule.Of("tool-choice", static request => (Thinks(request), request.ToolChoice) switch
            {
                (true, "required") => new("tool_choice 'required' is incompatible with thinking enabled"),
                (true, "function") => new("tool_choice specified is incompatible with thinking enabled"),
                _ => null,
            }),
            Rules.EachFunction("function-name", static (_, function) => FunctionName().IsMatch(function.Text("name") ?? "")
                ? null
                : new("Invalid request: function name is invalid, must start with a letter and can contain letters, numbers, underscores, and dashes")),
            Rules.EachMessage("empty-content", static message =>
                message.IsEmpty && message.Calls.Count == 0 && message.Role is "user" or "assistant" && message.Calls.Count == 0 && message.IsEmpty
                    ? new($"Invalid request: the message at position {message.Index} with role '{message.Role}' must not be empty")
                    : null),
            Rules.EachMessage("image-url", static message =>
                message.ImageUrls.FirstOrDefault(static url => !url.StartsWith("data:", StringComparison.OrdinalIgnoreCase)) is { } url
                    ? new($"Invalid request: unsupported image url: {url}")
                    : null),
            Rules.ToolResults(
                static _ => new("Invalid request: tool_call_id  is not found"),
                static (message, ids) => new(
                    "Invalid request: an assistant message with 'tool_calls' must be followed by tool messages responding to each 'tool_call_id'. "
                    + $"The following tool_call_ids did not have response messages: {string.Join(", ", ids)}")),
            // https://github.com/mastra-ai/mastra/issues/12592
            StrictRule.Of("missing-reasoning", static request =>
                Thinks(request) && request.Messages.FirstOrDefault(static message => message.Calls.Count > 0 && message.Json.Text("reasoning_content") is null) is { } message
                    ? new($"thinking is enabled but reasoning_content is missing in assistant tool call message at index {message.Index}")
                    : null),
            // The service cannot know whether the reasoning is what it said, this one does.
            StrictRule.Of("changed-reasoning", static request =>
                Thinks(request) && request.Messages.FirstOrDefault(message =>
                    message.Calls.Any(call => !request.Issued.Fits(call.Id, message.Json.Text("reasoning_content") ?? ""))) is { } message
                    ? new($"thinking is enabled but reasoning_content is missing in assistant tool call message at index {message.Index}")
                    : null),
        ],
    };

    // They think unless told not to.
    private static bool Thinks(StrictRequest request) => request.Body.Get("thinking").Text("type") != "disabled";

    private static RuleViolation? Only(StrictRequest request, string parameter, double value) =>
        request.Body.Number(parameter) is { } given && Math.Abs(given - value) > 1e-6
            ? new(string.Create(System.Globalization.CultureInfo.InvariantCulture, $"invalid {parameter}: only {value} is allowed for this model"))
            : null;

    [GeneratedRegex("^[a-zA-Z][a-zA-Z0-9_-]{0,63}$", RegexOptions.CultureInvariant)]
    private static partial Regex FunctionName();
}
