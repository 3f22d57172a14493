using System.Collections.Frozen;
using System.Text.Json.Nodes;

namespace MeaiRouter.OpenAI;

/// <summary>In which fields of a request a provider is told whether and how much to reason.</summary>
/// <remarks>
/// Fields are given as paths: <c>thinking.budget_tokens</c> is the member <c>budget_tokens</c> of the object <c>thinking</c>. A budget goes
/// before an effort; a request that already says something in a field keeps it.
/// </remarks>
public sealed record ReasoningControlSpelling
{
    /// <summary>What most providers understand: <c>reasoning_effort</c>. Whatever else is asked for goes out in OpenRouter's <c>reasoning</c>.</summary>
    public static ReasoningControlSpelling Default { get; } = new() { TakesObject = true };

    /// <summary>Nothing but <c>reasoning_effort</c>.</summary>
    public static ReasoningControlSpelling EffortOnly { get; } = new();

    /// <summary>OpenRouter's <c>reasoning {effort, max_tokens, enabled}</c>.</summary>
    public static ReasoningControlSpelling ReasoningObject { get; } = new()
    {
        Effort = "reasoning.effort",
        Budget = "reasoning.max_tokens",
        Switch = "reasoning.enabled",
        TakesObject = true,
    };

    /// <summary>Anthropic's <c>thinking {type, budget_tokens}</c>.</summary>
    public static ReasoningControlSpelling Thinking { get; } = new()
    {
        Effort = null,
        Budget = "thinking.budget_tokens",
        Switch = "thinking.type",
        On = "enabled",
        Off = "disabled",
        SwitchesOnForBudget = true,
    };

    /// <summary>Alibaba's <c>enable_thinking</c> and <c>thinking_budget</c>.</summary>
    public static ReasoningControlSpelling EnableThinking { get; } = new()
    {
        Effort = null,
        Budget = "thinking_budget",
        Switch = "enable_thinking",
        SwitchesOnForBudget = true,
    };

    /// <summary>The switch of most chat templates, <c>chat_template_kwargs {enable_thinking}</c>, beside <c>reasoning_effort</c>.</summary>
    public static ReasoningControlSpelling ChatTemplate { get; } = new() { Switch = "chat_template_kwargs.enable_thinking" };

    /// <summary>The field for a word such as <c>low</c>; <see langword="null"/> where there is none. Default: <c>reasoning_effort</c>.</summary>
    public string? Effort { get; init; } = "reasoning_effort";

    /// <summary>The provider's words for efforts that it calls otherwise. Default: none.</summary>
    public IReadOnlyDictionary<string, string> EffortWords { get; init; } = FrozenDictionary<string, string>.Empty;

    /// <summary>The field for a number of tokens; <see langword="null"/> where there is none, and a budget is then refused. Default: none.</summary>
    public string? Budget { get; init; }

    /// <summary>The field that turns reasoning on and off; <see langword="null"/> where the effort <c>none</c> turns it off. Default: none.</summary>
    public string? Switch { get; init; }

    /// <summary>What stands in the switch for on; <see langword="null"/> for <c>true</c>. Default: <see langword="null"/>.</summary>
    public string? On { get; init; }

    /// <summary>What stands in the switch for off; <see langword="null"/> for <c>false</c>. Default: <see langword="null"/>.</summary>
    public string? Off { get; init; }

    /// <summary>Whether a budget counts only where the switch is on. Default: <see langword="false"/>.</summary>
    public bool SwitchesOnForBudget { get; init; }

    /// <summary>
    /// Whether OpenRouter's object <c>reasoning</c> is taken, so that members of it which have no field here (<c>exclude</c>,
    /// <c>summary</c>) travel on in it. Where it is not, they stay behind.
    /// </summary>
    /// <value>Default: <see langword="false"/>.</value>
    public bool TakesObject { get; init; }

    internal JsonNode OnValue => On is null ? JsonValue.Create(true) : JsonValue.Create(On)!;

    internal JsonNode OffValue => Off is null ? JsonValue.Create(false) : JsonValue.Create(Off)!;
}
