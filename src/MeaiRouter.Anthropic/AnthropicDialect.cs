using System.Collections.Frozen;
using MeaiRouter.Dialects;

namespace MeaiRouter.Anthropic;

/// <summary>What Anthropic's Messages API takes, as data.</summary>
/// <remarks>
/// Sources: Anthropic's documentation of the Messages API and of its versions 2023-06-01 and 2026-10-21. Sampling parameters exist only in the former,
/// to which <see cref="AnthropicMessagesChatClient"/> goes back for a request that has one, and only for models before Opus 4.7.
/// </remarks>
public static class AnthropicDialect
{
    private const string Name = "anthropic-messages";
    private const int MaxImages = 100;
    private const long MaxImageBytes = 5 * 1024 * 1024;
    private const long MaxFileBytes = 32 * 1024 * 1024;

    private static readonly string[] AlwaysRefused =
    [
        "frequency_penalty", "presence_penalty", "repetition_penalty", "logit_bias", "logprobs", "top_logprobs", "min_p", "top_a", "seed", "n", "prediction",
        "modalities", "web_search_options",
    ];

    // "For 'integer' type, property 'minimum' is not supported": https://github.com/agentjido/req_llm/issues/302. Anthropic's documentation of structured
    // outputs refuses bounds of numbers, texts and arrays alike.
    private static readonly FrozenSet<string> Bounds =
    [
        "minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum", "multipleOf", "minLength", "maxLength", "minItems", "maxItems", "uniqueItems", "minProperties",
        "maxProperties",
    ];

    private static readonly string[] Sampling = ["temperature", "top_p", "top_k"];

    /// <summary>The dialect of the present models, with those before Opus 4.7 as variations.</summary>
    public static Dialect Default { get; } = Create();

    private static Dialect Create()
    {
        var present = new Dialect(Name)
        {
            Parameters = Refusing([.. AlwaysRefused, .. Sampling]),
            Messages = new()
            {
                System = SystemPlacement.Leading,
                TakesEmptyContent = false,
                TakesAuthorNames = false,
                MustBeginWithUser = true,
                Prefill = PrefillForm.Refused,
            },
            Tools = new() { MaxCallIdLength = 64, MaxNameLength = 128, TakesMediaInResults = true },
            Media = new()
            {
                Images = new() { MediaTypes = ["image/jpeg", "image/png", "image/gif", "image/webp"], MaxBytes = MaxImageBytes, MaxCount = MaxImages },
                Files = new() { MediaTypes = ["application/pdf", "text/plain"], MaxBytes = MaxFileBytes },
                Audio = MediaRule.None,
                Video = MediaRule.None,
            },
            Formats = new() { TakesJsonObject = false, RefusedSchemaKeywords = Bounds },
            Reasoning = new() { Control = ReasoningControl.Effort, Efforts = ["low", "medium", "high", "xhigh", "max"], ForeignFormats = ["anthropic-claude-v1"] },
            Caching = new() { Marks = CacheMarks.OnParts, TakesOneHour = true },
            Answers = new() { ThinkTags = false },
        };

        // Manual thinking; no prefill while thinking, which nobody can tell beforehand.
        var before = present with
        {
            Parameters = SamplingOf(),
            Messages = present.Messages with { Prefill = PrefillForm.AsItIs },
            Reasoning = present.Reasoning with { Control = ReasoningControl.Budget, BudgetIsWithinOutput = true },
        };

        // Both kinds of thinking; assistant prefill was given up with them.
        var between = before with
        {
            Messages = present.Messages,
            Reasoning = before.Reasoning with { Control = ReasoningControl.EffortOrBudget, Efforts = ["low", "medium", "high", "max"] },
        };

        // Before structured outputs.
        var early = before with { Formats = before.Formats with { TakesJsonSchema = false } };

        return present with
        {
            Models =
            [
                new ModelDialect(["claude-3-5-*", "claude-3-haiku*", "claude-3-opus*", "claude-3-sonnet*", "claude-2*"], early with { Reasoning = early.Reasoning with { Control = ReasoningControl.None } }),
                new ModelDialect(["claude-3-7-*", "claude-opus-4-2025*", "claude-opus-4-0*", "claude-sonnet-4-2025*", "claude-sonnet-4-0*"], early),
                new ModelDialect(["claude-opus-4-1*", "claude-*-4-5*"], before),
                new ModelDialect(["claude-*-4-6*"], between),
            ],
        };
    }

    private static FrozenDictionary<string, ParameterRule> Refusing(IEnumerable<string> names) =>
        names.ToFrozenDictionary(static name => name, static _ => ParameterRule.Refused);

    private static FrozenDictionary<string, ParameterRule> SamplingOf()
    {
        var rules = AlwaysRefused.ToDictionary(static name => name, static _ => ParameterRule.Refused);
        rules["temperature"] = new() { Minimum = 0, Maximum = 1, RefusedWhileReasoning = true };
        rules["top_p"] = new() { Minimum = 0, Maximum = 1, RefusedWhileReasoning = true };
        rules["top_k"] = new() { Minimum = 0, RefusedWhileReasoning = true };
        return rules.ToFrozenDictionary();
    }
}
