using System.Collections.Frozen;
using MeaiRouter.Dialects;

namespace MeaiRouter.OpenAI.Providers;

/// <summary>Shorthand for the tables of dialects.</summary>
internal static class Rules
{
    /// <summary>Refused in requests that ask the model to reason.</summary>
    public static ParameterRule NotWhileReasoning { get; } = new() { RefusedWhileReasoning = true };

    /// <summary>The penalties, and what asks for or changes probabilities.</summary>
    public const string Penalties = "frequency_penalty presence_penalty";

    /// <summary>What asks for probabilities.</summary>
    public const string Probabilities = "logprobs top_logprobs";

    /// <summary>What open models are sampled with, and OpenAI's wire has no field for.</summary>
    public const string OpenSampling = "top_k min_p top_a repetition_penalty";

    public static ParameterRule Range(double minimum, double maximum) => new() { Minimum = minimum, Maximum = maximum };

    public static ParameterRule AtMost(int count) => new() { MaxCount = count };

    /// <summary>Rules by the names of the parameters they hold for, which spaces separate; a later rule for a name replaces an earlier one.</summary>
    public static FrozenDictionary<string, ParameterRule> Parameters(params ReadOnlySpan<(string Names, ParameterRule Rule)> rules) => With(null, rules);

    /// <summary>The rules of another dialect, and others besides or instead.</summary>
    public static FrozenDictionary<string, ParameterRule> With(
        IReadOnlyDictionary<string, ParameterRule>? rules, params ReadOnlySpan<(string Names, ParameterRule Rule)> others)
    {
        var all = rules is null ? [] : new Dictionary<string, ParameterRule>(rules);
        foreach (var (names, rule) in others)
        {
            foreach (var name in names.Split(' '))
                all[name] = rule;
        }

        return all.ToFrozenDictionary();
    }

    public static FrozenSet<string> Words(string words) => words.Split(' ').ToFrozenSet();

    /// <summary>Reasoning that cannot be controlled, because there is none or because there is always.</summary>
    public static ReasoningRules Uncontrolled(bool always = false) => new() { Control = ReasoningControl.None, IsMandatory = always, TakesOtherMembers = false };

    /// <summary>Reasoning by a word for the effort, weakest first.</summary>
    public static ReasoningRules Efforts(params string[] efforts) =>
        new() { Control = ReasoningControl.Effort, Efforts = efforts, IsMandatory = !efforts.Contains("none"), TakesOtherMembers = false };

    /// <summary>The dialect, in all its variations, of a provider that makes <c>reasoning_details</c> of these formats; of none where it makes no details.</summary>
    public static Dialect Making(this Dialect dialect, params string[] formats) => dialect with
    {
        Reasoning = dialect.Reasoning with { OwnFormats = formats },
        Models = [.. dialect.Models.Select(variation => variation with { Dialect = variation.Dialect.Making(formats) })],
    };

    /// <summary>Reasoning that is on or off.</summary>
    public static ReasoningRules OnOff { get; } = new() { Control = ReasoningControl.Switch, TakesOtherMembers = false };
}
