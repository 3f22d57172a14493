using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using MeaiRouter.Catalog;
using MeaiRouter.Dialects;
using Microsoft.Extensions.AI;

namespace MeaiRouter.Core.Tests.Normalization.Requests;

/// <summary>An endpoint that takes its rules at their word: what it finds wrong with a request, in plain code that shares nothing with the layer.</summary>
internal sealed class PlainCheck(ModelEndpoint endpoint, ChatOptions options, IReadOnlyList<ChatMessage> messages, bool streaming)
{
    private static readonly string[] NeverByList = ["max_tokens", "user"];

    private readonly Dialect _dialect = endpoint.Dialect;
    private readonly JsonObject _extra = options.Extra() is { Length: > 0 } extra ? JsonNode.Parse(extra)!.AsObject() : [];

    public List<string> Complaints()
    {
        List<string> complaints = [.. Parameters(), .. Reasoning(), .. Tools(), .. Formats()];
        return complaints;
    }

    private IEnumerable<string> Parameters()
    {
        var values = Values();
        foreach (var name in values.Keys)
        {
            if (IsUnlisted(name) && !NeverByList.Contains(name))
                yield return $"{name} is unlisted";
            if (!_dialect.Parameters.TryGetValue(name, out var rule))
                continue;
            if (!rule.IsTaken || (rule.RefusedWhileReasoning && Reasons()))
                yield return $"{name} is refused";
            foreach (var value in values[name])
            {
                if (value is double number && (number < rule.Minimum || number > rule.Maximum))
                    yield return $"{name} is {number}";
                if (value is int count && count > rule.MaxCount)
                    yield return $"{name} has {count}";
            }
        }

        if (options.StopSequences?.Any(string.IsNullOrWhiteSpace) == true && _dialect.Parameters.GetValueOrDefault("stop")?.RefusesBlank == true)
            yield return "a stop of white space";
        if (Limit() > endpoint.MaxOutputTokens)
            yield return "max_tokens is too large";
    }

    // Numbers as double, lists as their length, all else as itself.
    private Dictionary<string, List<object?>> Values()
    {
        var values = new Dictionary<string, List<object?>>();
        Add("temperature", options.Temperature);
        Add("top_p", options.TopP);
        Add("top_k", options.TopK);
        Add("frequency_penalty", options.FrequencyPenalty);
        Add("seed", options.Seed);
        Add("parallel_tool_calls", options.AllowMultipleToolCalls);
        Add("max_tokens", options.MaxOutputTokens);
        var stops = (options.StopSequences?.Count ?? 0) + (_extra["stop"] switch { JsonArray list => list.Count, null => 0, _ => 1 });
        if (stops > 0)
            values["stop"] = [stops];
        foreach (var (name, node) in _extra)
        {
            if (name is "temperature" or "top_p" or "top_k" or "min_p" or "top_logprobs" or "logit_bias" or "user" or "seed")
                Add(name, node is JsonObject members ? members.Count : node!.GetValueKind() == JsonValueKind.Number ? double.Parse(node.ToJsonString()) : node, node is JsonObject);
        }

        return values;

        void Add(string name, object? value, bool isCount = false)
        {
            if (value is not null)
                (values.TryGetValue(name, out var list) ? list : values[name] = []).Add(isCount || value is bool or JsonNode ? value : double.Parse(value.ToString()!));
        }
    }

    private IEnumerable<string> Reasoning()
    {
        var members = _extra["reasoning"]?.AsObject() ?? [];
        var rules = _dialect.Reasoning;
        var isTaken = !IsUnlisted("reasoning") && !IsRefused("reasoning");
        var (effort, budget, enabled) = (Effort(), (int?)members["max_tokens"], (bool?)members["enabled"]);
        if (_extra.ContainsKey("reasoning_effort") || _extra.ContainsKey("include_reasoning") || members.ContainsKey("exclude"))
            yield return "fields that should have been folded";
        if (new[] { effort is not null, budget is not null, enabled is not null }.Count(said => said) > 1)
            yield return "reasoning is said twice";

        var control = isTaken ? rules.Control : ReasoningControl.None;
        if (control == ReasoningControl.None && (effort is not null || members.Count > 0))
            yield return "reasoning is not controlled";
        if (effort is not null && (control is not (ReasoningControl.Effort or ReasoningControl.EffortOrBudget) || !rules.Efforts.Contains(effort)))
            yield return $"effort '{effort}'";
        if (budget is not null && (control is not (ReasoningControl.Budget or ReasoningControl.EffortOrBudget) || budget < rules.MinBudget || budget > rules.MaxBudget))
            yield return $"budget {budget}";
        if (budget is not null && rules.BudgetIsWithinOutput && !(budget < Limit()))
            yield return $"budget {budget} of {Limit()}";
        if (members.ContainsKey("summary") && !rules.TakesOtherMembers)
            yield return "summary";
        if (enabled == true && control != ReasoningControl.Switch)
            yield return "enabled";
        if (enabled == false && control is not (ReasoningControl.Switch or ReasoningControl.Budget or ReasoningControl.EffortOrBudget))
            yield return "disabled";
        if (rules.IsMandatory && (effort == "none" || enabled == false))
            yield return "mandatory";
    }

    private IEnumerable<string> Tools()
    {
        var rules = _dialect.Tools;
        var functions = options.Tools?.OfType<AIFunctionDeclaration>().ToList() ?? [];
        if (functions.Count > 0 && IsUnlisted("tools"))
            yield return "tools";
        if (functions.Count > rules.MaxCount)
            yield return "too many tools";
        var calls = messages.SelectMany(message => message.Contents).OfType<FunctionCallContent>().Select(call => call.Name);
        foreach (var name in functions.Select(function => function.Name).Concat(calls))
        {
            if (!Regex.IsMatch(name, rules.NamesBeginWithLetter ? "^[a-zA-Z_][a-zA-Z0-9_-]*$" : "^[a-zA-Z0-9_-]+$") || name.Length > rules.MaxNameLength)
                yield return $"name '{name}'";
        }

        if (functions.Select(function => function.Name).Distinct().Count() != functions.Count)
            yield return "names collide";
        foreach (var function in functions)
        {
            foreach (var keyword in KeywordsIn(JsonNode.Parse(function.JsonSchema.GetRawText()), rules.RefusedSchemaKeywords))
                yield return $"{keyword} in {function.Name}";
            foreach (var keyword in rules.RefusedTopKeywords.Where(keyword => function.JsonSchema.TryGetProperty(keyword, out _)))
                yield return $"{keyword} at the top of {function.Name}";
            if (!rules.TakesStrict && function.AdditionalProperties.GetValueOrDefault("strict") is true)
                yield return "strict";
        }

        if (functions.Count == 0)
            yield break;
        var choices = IsUnlisted("tool_choice") || IsRefused("tool_choice") ? ToolChoiceForms.AutoOnly : Reasons() ? rules.Choices & rules.ChoicesWhileReasoning : rules.Choices;
        var choice = (string?)_extra["tool_choice"] ?? options.ToolMode switch
        {
            NoneChatToolMode => "none", RequiredChatToolMode { RequiredFunctionName: { } } => "named", RequiredChatToolMode => "required", _ => "auto",
        };
        if ((choice == "none" && !choices.HasFlag(ToolChoiceForms.None)) || (choice == "required" && !choices.HasFlag(ToolChoiceForms.Required))
            || (choice == "named" && !choices.HasFlag(ToolChoiceForms.Named)))
            yield return $"choice {choice}";
        if (options.ToolMode is not null && (IsUnlisted("tool_choice") || IsRefused("tool_choice")))
            yield return "choice";
    }

    private IEnumerable<string> Formats()
    {
        var rules = _dialect.Formats;
        if (options.ResponseFormat is null)
            yield break;
        if (IsUnlisted("response_format") && IsUnlisted("structured_outputs"))
            yield return "a format";
        if (options.ResponseFormat is not ChatResponseFormatJson json)
            yield break;
        if (options.Tools is { Count: > 0 } && !_dialect.Tools.MayBeUsedWithFormat)
            yield return "format and tools";
        if (streaming && !rules.MayBeStreamed)
            yield return "a format in a stream";
        if (json.Schema is { } schema)
        {
            if (!rules.TakesJsonSchema || IsUnlisted("structured_outputs") || IsRefused("structured_outputs"))
                yield return "json_schema";
            foreach (var keyword in KeywordsIn(JsonNode.Parse(schema.GetRawText()), rules.RefusedSchemaKeywords))
                yield return $"{keyword} in the answer";
        }
        else
        {
            if (!rules.TakesJsonObject || IsUnlisted("response_format") || IsRefused("response_format"))
                yield return "json_object";
            var words = options.Instructions + string.Concat(messages.Select(message => message.Text));
            if (rules.JsonObjectNeedsTheWord && !words.Contains("json", StringComparison.OrdinalIgnoreCase))
                yield return "the word";
        }
    }

    private static IEnumerable<string> KeywordsIn(JsonNode? schema, IReadOnlySet<string> refused)
    {
        switch (schema)
        {
            case JsonArray list:
                foreach (var found in list.SelectMany(one => KeywordsIn(one, refused)))
                    yield return found;
                break;
            case JsonObject members:
                foreach (var (name, value) in members)
                {
                    if (refused.Contains(name))
                        yield return name;
                    var below = name switch
                    {
                        "properties" or "$defs" when value is JsonObject schemas => schemas.SelectMany(named => KeywordsIn(named.Value, refused)),
                        "oneOf" or "anyOf" or "allOf" or "items" or "additionalProperties" => KeywordsIn(value, refused),
                        _ => [],
                    };
                    foreach (var found in below)
                        yield return found;
                }

                break;
        }
    }

    private bool Reasons() => Effort() is not (null or "none") || (int?)_extra["reasoning"]?["max_tokens"] > 0 || (bool?)_extra["reasoning"]?["enabled"] == true;

    private string? Effort() => options.Reasoning?.Effort is { } effort
        ? effort == ReasoningEffort.ExtraHigh ? "xhigh" : effort.ToString().ToLowerInvariant()
        : (string?)_extra["reasoning"]?["effort"];

    private int? Limit() => (int?)_extra["max_completion_tokens"] ?? (int?)_extra["max_tokens"] ?? options.MaxOutputTokens;

    private bool IsUnlisted(string name) => endpoint.SupportedParameters.Count > 0 && !endpoint.SupportedParameters.Contains(name);

    private bool IsRefused(string name) => _dialect.Parameters.TryGetValue(name, out var rule) && !rule.IsTaken;
}
