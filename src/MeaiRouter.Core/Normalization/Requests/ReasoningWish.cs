using System.Text.Json;
using System.Text.Json.Nodes;
using MeaiRouter.Attempts;
using MeaiRouter.Routing;
using Microsoft.Extensions.AI;

namespace MeaiRouter.Normalization.Requests;

/// <summary>What a request says of reasoning, in whichever of the fields for it.</summary>
internal readonly record struct ReasoningWish
{
    public const string EffortField = "effort";
    public const string BudgetField = "max_tokens";
    public const string EnabledField = "enabled";
    public const string ExcludeField = "exclude";

    /// <summary>The word for the effort; <see langword="null"/> if the request says none.</summary>
    public string? Effort { get; init; }

    /// <summary>The budget in tokens; <see langword="null"/> if the request says none.</summary>
    public long? Budget { get; init; }

    /// <summary>Whether reasoning is switched on or off; <see langword="null"/> if the request does not say.</summary>
    public bool? Enabled { get; init; }

    /// <summary>Whether the answer is to come without its reasoning.</summary>
    public bool IsExcluded { get; init; }

    /// <summary>The other members of <c>reasoning</c> (<c>summary</c>, ...); <see langword="null"/> if there are none.</summary>
    public JsonObject? Others { get; init; }

    /// <summary>Whether the request says anything that steers the model.</summary>
    public bool IsSaid => Effort is not null || Budget is not null || Enabled is not null || Others is not null;

    /// <summary>Whether the model is asked not to reason.</summary>
    public bool IsOff => Effort == ReasoningEfforts.None || Budget == 0 || Enabled == false;

    /// <summary>Whether the model is asked to reason.</summary>
    public bool IsOn => !IsOff && (Effort is not null || Budget is not null || Enabled == true);

    /// <summary>Reads a request.</summary>
    /// <exception cref="RouterException">A field has a wrong type or value, or two contradict each other (<c>InvalidRequest</c>).</exception>
    public static ReasoningWish Of(ChatOptions options)
    {
        var effort = ReasoningEfforts.WordOf(options.Reasoning?.Effort);
        var isExcluded = options.Reasoning?.Output == ReasoningOutput.None;
        if (!ExtraBody.IsPresent(options))
            return new ReasoningWish { Effort = effort, IsExcluded = isExcluded };

        var members = ExtraBody.Find(options, RequestParameters.Reasoning) switch
        {
            null => null,
            JsonObject json => json,
            _ => throw Invalid(RequestParameters.Reasoning, "must be an object such as {\"effort\":\"low\"}"),
        };
        effort = One(effort, Word(members?[EffortField], "reasoning.effort"), "reasoning.effort", "the options");
        effort = One(
            effort, Word(ExtraBody.Find(options, RequestParameters.ReasoningEffort), RequestParameters.ReasoningEffort), RequestParameters.ReasoningEffort,
            "the reasoning of the request");
        var included = Flag(ExtraBody.Find(options, RequestParameters.IncludeReasoning), RequestParameters.IncludeReasoning);
        var excluded = Flag(members?[ExcludeField], "reasoning.exclude");
        if (included is not null && included == excluded)
            throw Invalid(RequestParameters.IncludeReasoning, "contradicts `reasoning.exclude`");

        var wish = new ReasoningWish
        {
            Effort = effort,
            Budget = Count(members?[BudgetField]),
            Enabled = Flag(members?[EnabledField], "reasoning.enabled"),
            IsExcluded = isExcluded || excluded == true || included == false,
            Others = OthersOf(members),
        };
        if (wish.IsOff && (wish.Effort is not (null or ReasoningEfforts.None) || wish.Budget > 0 || wish.Enabled == true))
            throw Invalid(RequestParameters.Reasoning, "asks for reasoning and for none");
        return wish;
    }

    private static JsonObject? OthersOf(JsonObject? members)
    {
        JsonObject? others = null;
        if (members is not null)
        {
            foreach (var (name, value) in members)
            {
                if (name is not (EffortField or BudgetField or EnabledField or ExcludeField) && value is not null)
                    (others ??= [])[name] = value.DeepClone();
            }
        }

        return others;
    }

    private static string? One(string? said, string? word, string field, string elsewhere) => said is null || word is null || said == word
        ? said ?? word
        : throw Invalid(field, $"is '{word}', but {elsewhere} says '{said}'; send one of them");

    private static string? Word(JsonNode? node, string field)
    {
        if (node is null)
            return null;
        if (node is JsonValue value && value.TryGetValue<string>(out var word) && ReasoningEfforts.IsKnown(word))
            return word.ToLowerInvariant();
        throw Invalid(field, $"must be one of {ReasoningEfforts.Words}");
    }

    private static bool? Flag(JsonNode? node, string field) => node?.GetValueKind() switch
    {
        null => null,
        JsonValueKind.True => true,
        JsonValueKind.False => false,
        _ => throw Invalid(field, "must be true or false"),
    };

    private static long? Count(JsonNode? node)
    {
        if (node is null)
            return null;
        if (node.GetValueKind() == JsonValueKind.Number && long.TryParse(node.ToJsonString(), out var count) && count >= 0)
            return count;
        throw Invalid("reasoning.max_tokens", "must be a whole number of tokens, 0 or more");
    }

    private static RouterException Invalid(string field, string problem) =>
        new(FailureKind.InvalidRequest, $"`{field}` {problem}.");
}
