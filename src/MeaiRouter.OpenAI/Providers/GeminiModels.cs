using System.Collections.Frozen;
using MeaiRouter.Dialects;

namespace MeaiRouter.OpenAI.Providers;

/// <summary>How Google's models are spoken to over OpenAI's wire, at its API for developers and at Vertex.</summary>
/// <remarks>
/// https://ai.google.dev/gemini-api/docs/openai, https://ai.google.dev/api/caching#Schema, https://ai.google.dev/gemini-api/docs/thinking,
/// https://ai.google.dev/api/generate-content#generationconfig, https://ai.google.dev/gemini-api/docs/thought-signatures
/// </remarks>
internal static class GeminiModels
{
    // What its Schema object has no field for.
    private const string NotInSchema =
        "$schema $id $ref $defs definitions additionalProperties allOf oneOf not if then else const patternProperties propertyNames "
        + "dependentRequired dependentSchemas unevaluatedProperties unevaluatedItems exclusiveMinimum exclusiveMaximum multipleOf uniqueItems contains";

    public static RequestSpelling Spelling { get; } = new()
    {
        Reasoning = ReasoningSpelling.Omitted,
        ReasoningControl = ReasoningControlSpelling.EffortOnly with { Budget = "extra_body.google.thinking_config.thinking_budget" },
    };

    /// <summary>The dialect of one of the two services.</summary>
    /// <param name="name">The service's name.</param>
    /// <param name="refused">Parameters, separated by spaces, that this one refuses and the other does not.</param>
    public static Dialect Dialect(string name, string? refused = null)
    {
        var dialect = new Dialect(name)
        {
            Parameters = Rules.Parameters(
                ("temperature", Rules.Range(0, 2)),
                ("stop", Rules.AtMost(5)),
                ("logit_bias", ParameterRule.Refused), // "Unknown name: Cannot find field"
                (refused is null ? Rules.OpenSampling : $"{Rules.OpenSampling} {refused}", ParameterRule.Refused)),
            Messages = new() { TakesEmptyContent = false }, // "contents.parts must not be empty"
            Tools = new()
            {
                NamesBeginWithLetter = true,
                MayBeUsedWithFormat = false,
                RefusedSchemaKeywords = NotInSchema.Split(' ').ToFrozenSet(),
            },
            Media = new()
            {
                Images = new() { TakesUrls = false, MediaTypes = ["image/png", "image/jpeg", "image/webp", "image/heic", "image/heif"] },
                Audio = new() { TakesUrls = false, MediaTypes = ["audio/wav", "audio/mpeg"] },
                Video = MediaRule.None,
            },
            Reasoning = Budget(0, 24_576),

            // https://github.com/wyeeeee/hajimi/pull/292: thoughts that were asked for stand in tags of their own.
            Answers = new() { ThinkTagNames = ["thought", "think", "thinking"] },
        };

        dialect = dialect with
        {
            Models =
            [
                new(["*gemini-2.5-pro*"], dialect with { Reasoning = Always(Budget(128, 32_768)) }),
                new(["*gemini-2.5-flash-lite*"], dialect with { Reasoning = Budget(512, 24_576) }),

                // The third generation has levels instead of budgets, always thinks, may use tools beside a format, and checks signatures.
                new(["*gemini-3*"], dialect with
                {
                    Tools = dialect.Tools with { MayBeUsedWithFormat = true, SignatureStandIn = "skip_thought_signature_validator" },
                    Reasoning = Rules.Efforts("minimal", "low", "medium", "high"),
                }),
                new(["*gemini-2.0*", "*gemini-1.5*", "*gemma*"], dialect with { Reasoning = Rules.Uncontrolled() }),
            ],
        };
        return dialect.Making("google-gemini-v1");
    }

    private static ReasoningRules Budget(int least, int most) => new()
    {
        Control = ReasoningControl.EffortOrBudget,
        Efforts = ["none", "minimal", "low", "medium", "high"],
        MinBudget = least,
        MaxBudget = most,
        TakesOtherMembers = false,
    };

    private static ReasoningRules Always(ReasoningRules rules) => rules with { Efforts = ["minimal", "low", "medium", "high"], IsMandatory = true };
}
