using System.Text.Json;
using MeaiRouter.Anthropic.Wire;
using MeaiRouter.Dialects;
using Microsoft.Extensions.AI;

namespace MeaiRouter.Anthropic.Messages;

/// <summary>Spells the control of reasoning as the model takes it: by a budget, or by an effort with which it thinks as it sees fit.</summary>
internal static class ThinkingWriter
{
    private const string None = "none";
    private const string DefaultEffort = "medium"; // OpenRouter: what "enabled" alone means.

    public static void Write(MessagesRequest request, ChatOptions? options, JsonElement? extra, ReasoningRules rules)
    {
        var reasoning = extra?.Object("reasoning");
        var effort = Word(options?.Reasoning?.Effort) ?? reasoning?.Text("effort") ?? extra?.Text("reasoning_effort");
        var budget = reasoning?.Count("max_tokens");
        var enabled = reasoning?.Member("enabled")?.ValueKind;
        if (enabled == JsonValueKind.False)
            effort = None;
        else if (enabled == JsonValueKind.True && budget is null)
            effort ??= DefaultEffort;

        // Models think only when told to, but the newest may do otherwise.
        if (effort == None && budget is null)
            request.Thinking = rules.Control == ReasoningControl.Effort ? new Thinking { Type = "disabled" } : null;
        else if (budget is not null || effort is not null)
            Write(request, effort, budget, rules);

        // OpenRouter: verbosity is Anthropic's effort, where reasoning does not name one.
        if (extra?.Text("verbosity") is { } verbosity && request.OutputConfig?.Effort is null && rules.Control is ReasoningControl.Effort or ReasoningControl.EffortOrBudget)
            (request.OutputConfig ??= new()).Effort = verbosity;
    }

    private static void Write(MessagesRequest request, string? effort, long? budget, ReasoningRules rules)
    {
        switch (rules.Control)
        {
            case ReasoningControl.None:
                break;
            case ReasoningControl.Effort:
            case ReasoningControl.EffortOrBudget when budget is null:
                request.Thinking = new Thinking { Type = "adaptive" };
                (request.OutputConfig ??= new()).Effort = Known(effort ?? EffortOf(budget!.Value, request.MaxTokens!.Value), rules);
                break;
            default:
                WriteBudget(request, budget ?? (long)(request.MaxTokens!.Value * Share(effort)), rules);
                break;
        }
    }

    // Anthropic: at least 1,024, and less than the output limit, of which it is a part.
    private static void WriteBudget(MessagesRequest request, long budget, ReasoningRules rules)
    {
        var fitting = (int)Math.Clamp(budget, rules.MinBudget, rules.MaxBudget);
        request.Thinking = new Thinking { Type = "enabled", BudgetTokens = fitting };
        if (request.MaxTokens <= fitting)
            request.MaxTokens = fitting + request.MaxTokens;
    }

    // OpenRouter's shares of the output limit.
    private static decimal Share(string? effort) => effort switch
    {
        "max" or "xhigh" => 0.95m,
        "high" => 0.8m,
        "low" => 0.2m,
        "minimal" => 0.1m,
        _ => 0.5m,
    };

    // The same table backwards, to the nearest.
    private static string EffortOf(long budget, int output) => ((decimal)budget / output) switch
    {
        < 0.35m => "low",
        < 0.65m => "medium",
        < 0.9m => "high",
        _ => "max",
    };

    private static string Known(string effort, ReasoningRules rules) => rules.Efforts.Contains(effort)
        ? effort
        : effort switch
        {
            "minimal" => "low",
            "xhigh" => "high",
            _ => DefaultEffort,
        };

    private static string? Word(ReasoningEffort? effort) => effort switch
    {
        ReasoningEffort.None => None,
        ReasoningEffort.Low => "low",
        ReasoningEffort.Medium => "medium",
        ReasoningEffort.High => "high",
        ReasoningEffort.ExtraHigh => "xhigh",
        _ => null,
    };
}
