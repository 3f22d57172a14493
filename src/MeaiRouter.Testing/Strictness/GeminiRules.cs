using System.Collections.Frozen;
using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace MeaiRouter.Testing;

/// <summary>Google's rules: https://ai.google.dev/gemini-api/docs/openai and reported errors of https://generativelanguage.googleapis.com/v1beta/openai.</summary>
internal static partial class GeminiRules
{
    private const double MaxTemperature = 2;
    private const int MaxStops = 5;

    // Of what OpenAI has, known to be refused as unknown: seed, store, top_k, frequency_penalty, reasoning and web_search_options
    // (https://github.com/MinLL/SkyrimNet-GamePlugin/issues/77, https://github.com/liliMozi/openhanako/issues/394,
    // https://github.com/FuzzAnything/PromptFuzz/issues/42). The rest of what the documentation does not name is taken for refused too.
    private static readonly FrozenSet<string> Parameters = FrozenSet.ToFrozenSet(
    [
        "model", "messages", "max_tokens", "max_completion_tokens", "temperature", "top_p", "n", "stop", "stream", "stream_options", "tools",
        "tool_choice", "parallel_tool_calls", "response_format", "reasoning_effort", "modalities", "audio", "user", "extra_body",
    ]);

    private static readonly FrozenSet<string> MessageFields = FrozenSet.ToFrozenSet(
        ["role", "content", "name", "tool_calls", "tool_call_id", "refusal", "extra_content"]);

    // https://ai.google.dev/api/caching#Schema
    private static readonly FrozenSet<string> SchemaKeywords = FrozenSet.ToFrozenSet(
    [
        "type", "format", "title", "description", "nullable", "enum", "maxItems", "minItems", "properties", "required", "minProperties", "maxProperties",
        "minLength", "maxLength", "pattern", "example", "anyOf", "propertyOrdering", "default", "items", "minimum", "maximum",
    ]);

    // https://ai.google.dev/gemini-api/docs/thought-signatures: what stands in for the signature of a call that another model made.
    private static readonly FrozenSet<string> StandIns = FrozenSet.ToFrozenSet(["skip_thought_signature_validator", "context_engineering_is_the_way_to_go"]);

    public static StrictDialect Dialect { get; } = new("gemini")
    {
        ErrorBody = ErrorEnvelopes.Google,
        Answers = AnswerShape.Gemini,
        Rules =
        [
            .. Common,
            // https://github.com/vercel/ai/pull/16540; Gemini 3 takes both.
            StrictRule.Of("tools-with-format", static request =>
                request.HasTools && request.Format != "text" ? new("Function calling with a response mime type: 'application/json' is unsupported") : null),
        ],
    };

    public static StrictDialect Gemini3 { get; } = new("gemini-3")
    {
        ErrorBody = ErrorEnvelopes.Google,
        Answers = AnswerShape.Gemini,
        Rules = [.. Common, StrictRule.Of("missing-signature", MissingSignature)],
    };

    private static ImmutableArray<StrictRule> Common =>
    [
        // https://github.com/MinLL/SkyrimNet-GamePlugin/issues/77: all unknown names at once, each on its line.
        Rules.Parameters(Parameters, static (unknown, _) => Unknown([.. unknown.Select(static name => (name, (string?)null))])),
        StrictRule.Of("message-fields", static request =>
            request.Messages.SelectMany(static message => message.Json.Names()
                    .Where(static name => !MessageFields.Contains(name))
                    .Select(name => (name, (string?)$"messages[{message.Index}]")))
                .ToList() is { Count: > 0 } unknown ? Unknown(unknown) : null),
        // https://github.com/zed-industries/zed/issues/44875, https://github.com/openswarm-ai/openswarm/issues/24
        StrictRule.Of("function-schema", static request =>
            request.Functions.SelectMany(static f => UnknownKeywords(f.Function.Get("parameters"), $"tools[0].function_declarations[{f.Index}].parameters")).ToList()
                is { Count: > 0 } unknown ? Unknown(unknown) : null),
        // The same keyword with another value, for strings.
        Rules.EachFunction("function-format", static (i, function) =>
            BadFormat(function.Get("parameters"), $"GenerateContentRequest.tools[0].function_declarations[{i}].parameters") is { } path
                ? new($"* {path}.format: only 'enum' and 'date-time' are supported for STRING type\n")
                : null),
        // https://github.com/kaitranntt/ccs/issues/219
        Rules.EachFunction("function-name", static (i, function) =>
            FunctionName().IsMatch(function.Text("name") ?? "") ? null : new(
                $"The GenerateContentRequest proto is invalid:\n  * tools[0].function_declarations[{i}].name: [FIELD_INVALID] Invalid function name. "
                + "Must start with a letter or an underscore. Must be a-z, A-Z, 0-9, or contain underscores (_), dots (.), colons (:), or dashes (-), with a maximum length of 64.")),
        Rules.Range("temperature", 0, MaxTemperature, static _ => new("* GenerateContentRequest.generation_config.temperature: temperature must be in the range [0.0, 2.0].\n")),
        // The limit is that of the documentation, the words are not.
        Rules.AtMost("stop", MaxStops, static _ => new($"* GenerateContentRequest.generation_config.stop_sequences: at most {MaxStops} stop sequences are supported.\n")),
        StrictRule.Of("contents", static request =>
            request.Messages.All(static message => message.IsSystem) ? new("* GenerateContentRequest.contents: contents is not specified\n") : null),
        Rules.EachMessage("empty-content", static message =>
            message.Role is "user" or "assistant" && message.IsEmpty && message.Calls.Count == 0
                ? new($"* GenerateContentRequest.contents[{message.Index}].parts: contents.parts must not be empty.\n")
                : null),
        // https://github.com/BoundaryML/baml/issues/1548
        Rules.EachMessage("image-url", static message =>
            message.ImageUrls.FirstOrDefault(static url => !url.StartsWith("data:", StringComparison.OrdinalIgnoreCase)) is { } url
                ? new($"Invalid or unsupported file uri: {url}")
                : null),
        StrictRule.Of("function-call-turn", static request =>
            request.Messages.Where(static message => !message.IsSystem).ToList() is var turns
            && turns.Index().Any(turn => turn.Item.Calls.Count > 0 && (turn.Index == 0 || turns[turn.Index - 1].Role == "assistant"))
                ? new("Please ensure that function call turn comes immediately after a user turn or after a function response turn.")
                : null),
        // https://github.com/google-gemini/gemini-cli/issues/17208
        Rules.ToolResults(
            static _ => new("Please ensure that function response turn comes immediately after a function call turn."),
            static (_, _) => new("Please ensure that the number of function response parts is equal to the number of function call parts of the function call turn.")),
        // https://github.com/lbjlaq/Antigravity-Manager/issues/970: another model's, or one that was changed.
        StrictRule.Of("foreign-signature", static request =>
            request.Messages.SelectMany(static message => message.Calls)
                .Any(call => call.ThoughtSignature is { } signature && !StandIns.Contains(signature) && !request.Issued.IsOwn(signature))
                ? new("Corrupted thought signature.")
                : null),
    ];

    // https://ai.google.dev/gemini-api/docs/thought-signatures: in the current turn, on the first call of each step.
    private static RuleViolation? MissingSignature(StrictRequest request)
    {
        var messages = request.Messages.Where(static message => !message.IsSystem).ToList();
        var turn = messages.FindLastIndex(static message => message.Role == "user");
        for (var i = turn + 1; i < messages.Count; i++)
        {
            if (messages[i].Calls is [{ ThoughtSignature: null } call, ..])
            {
                return new(
                    "Function call is missing a thought_signature in functionCall parts. This is required for tools to work correctly, and missing "
                    + $"thought_signature may lead to degraded model performance. Additional data, function call `default_api:{call.Name}` , position {i + 1}. "
                    + "Please refer to https://ai.google.dev/gemini-api/docs/thought-signatures for more details.");
            }
        }

        return null;
    }

    private static RuleViolation Unknown(IReadOnlyList<(string Name, string? Path)> unknown)
    {
        var lines = unknown.Select(static field =>
            $"Invalid JSON payload received. Unknown name \"{field.Name}\"{(field.Path is null ? "" : $" at '{field.Path}'")}: Cannot find field.").ToList();
        return new(string.Join('\n', lines))
        {
            Details = new JsonArray([.. unknown.Zip(lines, static (field, line) => field.Path is null
                ? new JsonObject { ["description"] = line }
                : new JsonObject { ["field"] = field.Path, ["description"] = line })]),
        };
    }

    private static IEnumerable<(string Name, string? Path)> UnknownKeywords(JsonElement schema, string path)
    {
        foreach (var keyword in schema.Names().Where(static name => !SchemaKeywords.Contains(name)))
            yield return (keyword, path);
        foreach (var (inner, at) in Inner(schema, path))
        {
            foreach (var unknown in UnknownKeywords(inner, at))
                yield return unknown;
        }
    }

    private static string? BadFormat(JsonElement schema, string path) =>
        schema.Text("type") == "string" && schema.Text("format") is { } format and not ("enum" or "date-time")
            ? path
            : Inner(schema, path).Select(static inner => BadFormat(inner.Schema, inner.Path)).FirstOrDefault(static bad => bad is not null);

    // Protocol buffers count properties.
    private static IEnumerable<(JsonElement Schema, string Path)> Inner(JsonElement schema, string path)
    {
        foreach (var (i, name) in schema.Get("properties").Names().Index())
            yield return (schema.Get("properties").Get(name), string.Create(CultureInfo.InvariantCulture, $"{path}.properties[{i}].value"));
        if (schema.Get("items").IsObject())
            yield return (schema.Get("items"), $"{path}.items");
        foreach (var (i, choice) in schema.Items("anyOf").Index())
            yield return (choice, string.Create(CultureInfo.InvariantCulture, $"{path}.any_of[{i}]"));
    }

    [GeneratedRegex("^[a-zA-Z_][a-zA-Z0-9_.:-]{0,63}$", RegexOptions.CultureInvariant)]
    private static partial Regex FunctionName();
}
