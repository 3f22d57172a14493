using System.Collections.Frozen;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace MeaiRouter.Testing;

/// <summary>
/// Mistral's rules: https://docs.mistral.ai/api for the fields; the order of messages is that of the validator in mistral-common, which
/// the service runs as it stands.
/// </summary>
internal static partial class MistralRules
{
    private const double MaxTemperature = 1.5;

    // Its schema forbids all others. Whether stream_options is among them the documentation does not say; clients send it.
    private static readonly FrozenSet<string> Parameters = FrozenSet.ToFrozenSet(
    [
        "model", "messages", "temperature", "top_p", "max_tokens", "stream", "stream_options", "stop", "random_seed", "metadata", "response_format", "tools",
        "tool_choice", "presence_penalty", "frequency_penalty", "n", "prediction", "parallel_tool_calls", "prompt_mode", "reasoning_effort", "safe_prompt",
    ]);

    private static readonly FrozenDictionary<string, FrozenSet<string>> Fields = new Dictionary<string, FrozenSet<string>>
    {
        ["system"] = FrozenSet.ToFrozenSet(["role", "content"]),
        ["user"] = FrozenSet.ToFrozenSet(["role", "content"]),
        ["assistant"] = FrozenSet.ToFrozenSet(["role", "content", "tool_calls", "prefix"]),
        ["tool"] = FrozenSet.ToFrozenSet(["role", "content", "tool_call_id", "name"]),
    }.ToFrozenDictionary();

    // mistral_common/protocol/instruct/validator.py, _validate_message_order.
    private static readonly FrozenDictionary<string, string[]> MayFollow = new Dictionary<string, string[]>
    {
        ["system"] = ["user", "assistant", "system"],
        ["user"] = ["assistant", "system", "user"],
        ["assistant"] = ["assistant", "user", "tool"],
        ["tool"] = ["assistant", "tool"],
    }.ToFrozenDictionary();

    public static StrictDialect Dialect { get; } = new("mistral")
    {
        ErrorBody = ErrorEnvelopes.Mistral,
        Answers = AnswerShape.Mistral,
        Rules =
        [
            // https://github.com/editor-code-assistant/eca/issues/231
            Rules.Parameters(Parameters, static (unknown, body) => Forbidden(unknown.Select(name => ((string[])[name], body.Get(name))))),
            Rules.Range("temperature", 0, MaxTemperature, static value => Detail(new JsonObject
            {
                ["type"] = value < 0 ? "greater_than_equal" : "less_than_equal",
                ["loc"] = new JsonArray("body", "temperature"),
                ["msg"] = $"Input should be {(value < 0 ? "greater than or equal to 0" : "less than or equal to 1.5")}",
                ["input"] = value,
                ["ctx"] = value < 0 ? new JsonObject { ["ge"] = 0.0 } : new JsonObject { ["le"] = MaxTemperature },
            })),
            // Roles are the tags of a union; a nameless tag such as developer is told so.
            Rules.EachMessage("role", static message => Fields.ContainsKey(message.Role) ? null : Detail(new JsonObject
            {
                ["type"] = "union_tag_invalid",
                ["loc"] = new JsonArray("body", "messages", message.Index),
                ["msg"] = $"Input tag '{message.Role}' found using 'role' does not match any of the expected tags: 'assistant', 'system', 'tool', 'user'",
            })),
            // https://github.com/charmbracelet/crush/issues/1590, https://github.com/nomtek/mistralai_client_dart/issues/44
            StrictRule.Of("message-fields", static request =>
                request.Messages.SelectMany(static message => message.Json.Names()
                        .Where(name => !Fields[message.Role].Contains(name))
                        .Select(name => ((string[])["messages", $"{message.Index}", message.Role, name], message.Json.Get(name))))
                    .ToList() is { Count: > 0 } unknown ? Forbidden(unknown) : null),
            Rules.EachFunction("function-name", static (_, function) => OfFunction(function.Text("name") ?? "")),
            Rules.EachCall("tool-call-name", static (_, _, call) => OfFunction(call.Name)),
            // https://github.com/zed-industries/zed/issues/53034
            Rules.EachCall("tool-call-id", static (_, _, call) => CallId().IsMatch(call.Id) ? null : BadCallId(call.Id)),
            Rules.EachMessage("tool-result-id", static message =>
                message.Role != "tool" || CallId().IsMatch(message.CallId ?? "") ? null : BadCallId(message.CallId ?? "null")),
            Rules.EachMessage("empty-assistant", static message =>
                message.Role == "assistant" && message.IsEmpty && message.Calls.Count == 0
                    ? new("Assistant message must have either content or tool_calls, but not none.") { Type = "invalid_request_assistant_message", Code = "3240" }
                    : null),
            // https://github.com/avante-corp/avante.nvim/pull/2695
            StrictRule.Of("order", static request =>
                request.Messages.Zip(request.Messages.Skip(1), static (before, after) =>
                        MayFollow[before.Role].Contains(after.Role) ? null : $"Unexpected role '{after.Role}' after role '{before.Role}'")
                    .FirstOrDefault(static words => words is not null) is { } wrong ? Order(wrong) : null),
            StrictRule.Of("first-role", static request =>
                request.Messages is [{ Role: "tool" }, ..] ? Order("Unexpected role 'tool' as the first message") : null),
            // https://github.com/QuantumNous/new-api/issues/2858
            StrictRule.Of("last-role", static request =>
                request.Messages is [.., { Role: not ("user" or "tool") } last] && !last.Json.IsTrue("prefix")
                    ? Order($"Expected last role User or Tool (or Assistant with prefix True) for serving but got {last.Role}")
                    : null),
            Rules.ToolResults(
                static message => Order($"Unexpected tool call id {message.CallId} in tool results"),
                static (_, _) => Order("Not the same number of function calls and responses")),
        ],
    };

    private static RuleViolation? OfFunction(string name) => OpenAIRules.FunctionName().IsMatch(name) && name.Length <= 64
        ? null
        : new($"Function name was {name} but must be a-z, A-Z, 0-9, or contain underscores and dashes, with a maximum length of 64.")
            { Type = "invalid_function_call", Code = "3280" };

    private static RuleViolation BadCallId(string id) =>
        new($"Tool call id was {id} but must be a-z, A-Z, 0-9, with a length of 9.") { Type = "invalid_function_call", Code = "3280" };

    private static RuleViolation Order(string message) => new(message) { Type = "invalid_request_message_order", Code = "3230" };

    private static RuleViolation Forbidden(IEnumerable<(string[] Path, JsonElement Input)> unknown) => Detail([.. unknown.Select(static field => new JsonObject
    {
        ["type"] = "extra_forbidden",
        ["loc"] = new JsonArray(["body", .. field.Path.Select(static step => int.TryParse(step, out var index) ? (JsonNode)index : step)]),
        ["msg"] = "Extra inputs are not permitted",
        ["input"] = JsonNode.Parse(field.Input.GetRawText()),
    })]);

    private static RuleViolation Detail(params ReadOnlySpan<JsonObject> details)
    {
        var list = new JsonArray();
        foreach (var detail in details)
            list.Add(detail);
        return new((string)list[0]!["msg"]!) { Status = 422, Details = list };
    }

    [GeneratedRegex("^[a-zA-Z0-9]{9}$", RegexOptions.CultureInvariant)]
    private static partial Regex CallId();
}
