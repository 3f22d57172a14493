using System.Text.Json;
using System.Text.RegularExpressions;

namespace MeaiRouter.Testing;

/// <summary>
/// Anthropic's rules: https://platform.claude.com/docs/en/api/openai-sdk says which fields its compatible endpoint ignores; messages are
/// judged by the Messages API behind it, in whose words it refuses.
/// </summary>
internal static partial class AnthropicRules
{
    private const int MaxToolName = 128;

    public static StrictDialect Dialect { get; } = new("anthropic")
    {
        ErrorBody = ErrorEnvelopes.Anthropic,
        Rules =
        [
            // The Messages API takes 0 to 1. The compatible endpoint itself lowers more to 1, gateways in front of the API do not.
            Rules.Range("temperature", 0, 1, static _ => new("temperature: range: 0..1")),
            StrictRule.Of("n", static request => request.Body.Number("n") is not (null or 1) ? new("n: Input should be 1") : null),
            // The documentation: all stop sequences that are not white space work.
            StrictRule.Of("stop", static request =>
                request.Body.Items("stop").Any(static stop => stop.ValueKind == JsonValueKind.String && string.IsNullOrWhiteSpace(stop.GetString()))
                    ? new("stop_sequences: each stop sequence must contain non-whitespace")
                    : null),
            Rules.EachFunction("function-name", static (i, function) =>
                ToolName().IsMatch(function.Text("name") ?? "") ? null : new($"tools.{i}.custom.name: String should match pattern '^[a-zA-Z0-9_-]{{1,{MaxToolName}}}$'")),
            // https://github.com/anthropics/claude-code/issues/40075
            Rules.EachFunction("function-schema", static (i, function) =>
                function.Get("parameters").Names().Any(static name => name is "oneOf" or "allOf" or "anyOf")
                    ? new($"tools.{i}.custom.input_schema: input_schema does not support oneOf, allOf, or anyOf at the top level")
                    : null),
            StrictRule.Of("first-message", static request =>
                request.Messages.FirstOrDefault(static message => !message.IsSystem) is var first && first?.Role == "user"
                    ? null
                    : new(first is null ? "messages: at least one message is required" : "messages: first message must use the \"user\" role")),
            // https://github.com/anthropics/claude-code/issues/59812
            Rules.EachMessage("empty-text", static message =>
                message.Role != "tool" && (message.Texts.Any(string.IsNullOrEmpty) && (message.Calls.Count == 0 || message.Parts.Any()) || IsBlank(message))
                    ? new("messages: text content blocks must be non-empty")
                    : null),
            // https://github.com/anthropics/claude-code/issues/23369
            Rules.EachMessage("blank-text", static message =>
                message.Texts.Any(static text => text.Length > 0 && string.IsNullOrWhiteSpace(text)) && message.Role != "tool"
                    ? new("messages: text content blocks must contain non-whitespace text")
                    : null),
            Rules.EachCall("tool-call-id", static (message, i, call) =>
                OpenAIRules.FunctionName().IsMatch(call.Id) ? null : new($"messages.{message.Index}.content.{i}.tool_use.id: String should match pattern '^[a-zA-Z0-9_-]+$'")),
            Rules.EachCall("tool-call-name", static (message, i, call) =>
                ToolName().IsMatch(call.Name) ? null : new($"messages.{message.Index}.content.{i}.tool_use.name: String should match pattern '^[a-zA-Z0-9_-]{{1,{MaxToolName}}}$'")),
            // https://github.com/anthropics/claude-code/issues/18947 and 8210
            Rules.ToolResults(
                static message => new(
                    $"messages.{message.Index}.content.0: unexpected `tool_use_id` found in `tool_result` blocks: {message.CallId}. "
                    + "Each `tool_result` block must have a corresponding `tool_use` block in the previous message."),
                static (message, ids) => new(
                    $"messages.{message.Index}: `tool_use` ids were found without `tool_result` blocks immediately after: {string.Join(", ", ids)}. "
                    + "Each `tool_use` block must have a corresponding `tool_result` block in the next message.")),
            StrictRule.Of("prefill-end", static request =>
                request.Messages is [.., { Role: "assistant" } last] && last.Texts.LastOrDefault() is { Length: > 0 } text && char.IsWhiteSpace(text[^1])
                    ? new("messages: final assistant content cannot end with trailing whitespace")
                    : null),
        ],
    };

    private static bool IsBlank(WireMessage message) => message.IsEmpty && message.Calls.Count == 0;

    [GeneratedRegex("^[a-zA-Z0-9_-]{1,128}$", RegexOptions.CultureInvariant)]
    private static partial Regex ToolName();
}
