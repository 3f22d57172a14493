using System.Collections.Frozen;
using System.Collections.Immutable;
using System.Globalization;
using System.Text.RegularExpressions;

namespace MeaiRouter.Testing;

/// <summary>OpenAI's rules, from https://platform.openai.com/docs/api-reference/chat/create and reported errors.</summary>
internal static partial class OpenAIRules
{
    private const int MaxStops = 4;
    private const int MaxTools = 128;
    private const int MaxName = 64;
    private const int MaxCallId = 40;

    // The fields of the API reference.
    private static readonly FrozenSet<string> ChatParameters = FrozenSet.ToFrozenSet(
    [
        "model", "messages", "audio", "frequency_penalty", "function_call", "functions", "logit_bias", "logprobs", "max_completion_tokens", "max_tokens",
        "metadata", "modalities", "n", "parallel_tool_calls", "prediction", "presence_penalty", "prompt_cache_key", "prompt_cache_retention",
        "response_format", "safety_identifier", "seed", "service_tier", "stop", "store", "stream", "stream_options", "temperature", "tool_choice",
        "tools", "top_logprobs", "top_p", "user", "verbosity", "web_search_options",
    ]);

    private static readonly FrozenSet<string> ReasoningParameters = FrozenSet.ToFrozenSet([.. ChatParameters, "reasoning_effort"]);

    private static readonly FrozenSet<string> MessageFields = FrozenSet.ToFrozenSet(
        ["role", "content", "name", "refusal", "audio", "tool_calls", "function_call", "tool_call_id"]);

    public static StrictDialect Chat { get; } = new("openai")
    {
        Rules =
        [
            Parameters(ChatParameters),
            .. Common,
            Bounded("temperature", 0, 2), Bounded("top_p", 0, 1), Bounded("frequency_penalty", -2, 2), Bounded("presence_penalty", -2, 2),
            Stops,
        ],
    };

    public static StrictDialect Reasoning { get; } = new("openai-reasoning")
    {
        Rules =
        [
            Parameters(ReasoningParameters),
            // https://github.com/FoundationAgents/MetaGPT/issues/1709
            Rules.Refuses("max_tokens", static name => Unsupported(name, " Use 'max_completion_tokens' instead.")),
            // https://github.com/appatalks/eva-agent/issues/83; of the rest, https://community.openai.com/t/1110750/7 has the list.
            .. ((string[])["temperature", "top_p", "frequency_penalty", "presence_penalty", "logprobs", "top_logprobs", "logit_bias", "stop"])
                .Select(static parameter => Rules.Refuses(parameter, static name => Unsupported(name))),
            // https://platform.openai.com/docs/guides/reasoning: o3 knows three.
            StrictRule.Of("reasoning_effort", static request =>
                request.Body.Text("reasoning_effort") is { } effort and not ("low" or "medium" or "high")
                    ? new($"Unsupported value: 'reasoning_effort' does not support '{effort}' with this model. Supported values are: 'low', 'medium', and 'high'.")
                        { Param = "reasoning_effort", Code = "unsupported_value" }
                    : null),
            .. Common,
        ],
    };

    private static ImmutableArray<StrictRule> Common =>
    [
        // Fields of other providers on messages; the wording is that of nested unknown fields elsewhere in the API.
        Rules.EachMessage("message-fields", static message =>
            message.Json.Names().FirstOrDefault(static name => !MessageFields.Contains(name)) is { } name
                ? new($"Unknown parameter: 'messages[{message.Index}].{name}'.") { Param = $"messages[{message.Index}].{name}", Code = "unknown_parameter" }
                : null),
        // The pattern is that of the error which refuses spaces and angle brackets in a participant's name.
        Rules.EachMessage("name", static message =>
            message.Json.Text("name") is { } name && !ParticipantName().IsMatch(name)
                ? Pattern($"messages[{message.Index}].name", @"^[^\s<|\\/>]+$")
                : null),
        // https://github.com/0x4m4/hexstrike-ai/issues/29
        Rules.AtMost("tools", MaxTools, static count => TooMany("tools", MaxTools, count)),
        // https://github.com/home-assistant/core/issues/121325
        Rules.EachFunction("function-name", static (i, function) => function.Text("name") switch
        {
            { Length: > MaxName } name => TooLong($"tools[{i}].function.name", MaxName, name.Length),
            { } name when !FunctionName().IsMatch(name) => Pattern($"tools[{i}].function.name", "^[a-zA-Z0-9_-]+$"),
            _ => null,
        }),
        // https://github.com/osaurus-ai/osaurus/issues/1560
        Rules.EachFunction("function-schema", static (i, function) =>
            function.Get("parameters") is var schema && schema.IsObject()
            && (schema.Text("type") != "object" || schema.Names().Any(static name => name is "oneOf" or "anyOf" or "allOf" or "enum" or "not"))
                ? new($"Invalid schema for function '{function.Text("name")}': schema must have type 'object' and not have 'oneOf'/'anyOf'/'allOf'/'enum'/'not' at the top level.")
                    { Param = $"tools[{i}].function.parameters", Code = "invalid_function_parameters" }
                : null),
        // "tool_choice" and "parallel_tool_calls" without tools.
        .. ((string[])["tool_choice", "parallel_tool_calls"]).Select(static parameter => StrictRule.Of(parameter, request =>
            request.Body.Has(parameter) && !request.HasTools
                ? new($"Invalid value for '{parameter}': '{parameter}' is only allowed when 'tools' are specified.") { Param = parameter }
                : null)),
        // https://github.com/vercel/ai/issues/5171
        Rules.EachCall("tool-call-id", static (message, i, call) =>
            call.Id.Length > MaxCallId ? TooLong($"messages[{message.Index}].tool_calls[{i}].id", MaxCallId, call.Id.Length) : null),
        Rules.EachCall("tool-call-name", static (message, i, call) =>
            FunctionName().IsMatch(call.Name) ? null : Pattern($"messages[{message.Index}].tool_calls[{i}].function.name", "^[a-zA-Z0-9_-]+$")),
        // https://github.com/microsoft/promptflow/pull/3130, https://github.com/pipecat-ai/pipecat/issues/309
        Rules.ToolResults(
            static message => new("Invalid parameter: messages with role 'tool' must be a response to a preceeding message with 'tool_calls'.")
                { Param = $"messages.[{message.Index}].role" },
            static (message, ids) => new(
                "An assistant message with 'tool_calls' must be followed by tool messages responding to each 'tool_call_id'. "
                + $"The following tool_call_ids did not have response messages: {string.Join(", ", ids)}") { Param = $"messages.[{message.Index + 1}].role" }),
        // The chat wire takes images from the user alone.
        Rules.EachMessage("images", static message =>
            message.Role != "user" && message.ImageUrls.Any()
                ? new($"Invalid 'messages[{message.Index}]'. Image URLs are only allowed for messages with role 'user', but this message with role '{message.Role}' contains an image URL.")
                    { Param = $"messages[{message.Index}]", Code = "invalid_value" }
                : null),
        // https://github.com/tmc/langchaingo/issues/689
        StrictRule.Of("json-word", static request =>
            request.Format == "json_object" && !request.SaysJson()
                ? new("'messages' must contain the word 'json' in some form, to use 'response_format' of type 'json_object'.") { Param = "messages" }
                : null),
        // https://platform.openai.com/docs/guides/structured-outputs: with strict, objects are closed.
        StrictRule.Of("strict-schema", static request =>
            request.Body.Get("response_format").Get("json_schema") is var format && format.IsTrue("strict")
            && format.Get("schema").Get("additionalProperties").ValueKind != System.Text.Json.JsonValueKind.False
                ? new($"Invalid schema for response_format '{format.Text("name")}': In context=(), 'additionalProperties' is required to be supplied and to be false.")
                    { Param = "response_format" }
                : null),
    ];

    // https://github.com/continuedev/continue/issues/2461
    private static StrictRule Stops => Rules.AtMost("stop", MaxStops, static count => TooMany("stop", MaxStops, count));

    // What every unknown argument at the top is told; several are named together.
    private static StrictRule Parameters(FrozenSet<string> known) => Rules.Parameters(known, static (unknown, _) =>
        new($"Unrecognized request argument{(unknown.Count > 1 ? "s" : "")} supplied: {string.Join(", ", unknown)}"));

    private static StrictRule Bounded(string parameter, double least, double greatest) => Rules.Range(parameter, least, greatest, value =>
    {
        var (kind, sign, bound) = value > greatest ? ("above maximum", "<=", greatest) : ("below minimum", ">=", least);
        return new RuleViolation(string.Create(
            CultureInfo.InvariantCulture, $"Invalid '{parameter}': decimal {kind} value. Expected a value {sign} {bound}, but got {value} instead."))
        {
            Param = parameter, Code = value > greatest ? "decimal_above_max_value" : "decimal_below_min_value",
        };
    });

    private static RuleViolation Unsupported(string parameter, string advice = "") =>
        new($"Unsupported parameter: '{parameter}' is not supported with this model.{advice}") { Param = parameter, Code = "unsupported_parameter" };

    private static RuleViolation TooMany(string list, int most, int given) =>
        new($"Invalid '{list}': array too long. Expected an array with maximum length {most}, but got an array with length {given} instead.")
            { Param = list, Code = "array_above_max_length" };

    private static RuleViolation TooLong(string path, int most, int given) =>
        new($"Invalid '{path}': string too long. Expected a string with maximum length {most}, but got a string with length {given} instead.")
            { Param = path, Code = "string_above_max_length" };

    private static RuleViolation Pattern(string path, string pattern) =>
        new($"Invalid '{path}': string does not match pattern. Expected a string that matches the pattern '{pattern}'.") { Param = path, Code = "invalid_value" };

    [GeneratedRegex("^[a-zA-Z0-9_-]+$", RegexOptions.CultureInvariant)]
    internal static partial Regex FunctionName();

    [GeneratedRegex(@"^[^\s<|\\/>]+$", RegexOptions.CultureInvariant)]
    private static partial Regex ParticipantName();
}
