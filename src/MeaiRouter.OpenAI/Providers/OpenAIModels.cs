using MeaiRouter.Dialects;

namespace MeaiRouter.OpenAI.Providers;

/// <summary>How OpenAI's models are spoken to, whoever hosts them.</summary>
/// <remarks>
/// https://platform.openai.com/docs/api-reference/chat/create, https://platform.openai.com/docs/guides/reasoning,
/// https://platform.openai.com/docs/guides/structured-outputs#supported-schemas, https://platform.openai.com/docs/guides/images-vision
/// </remarks>
internal static class OpenAIModels
{
    public static RequestSpelling Spelling { get; } = new()
    {
        MaxCompletionTokens = true,
        Reasoning = ReasoningSpelling.Omitted,
        ReasoningControl = ReasoningControlSpelling.EffortOnly,
    };

    /// <summary>The dialect of the host.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="prefix">What stands before the model's own name in the host's ids.</param>
    public static Dialect Dialect(string name, string prefix = "") => Dialect(Plain(name), prefix);

    /// <summary>A dialect of the host for its other models, with variations for OpenAI's.</summary>
    /// <param name="dialect">The dialect for models that do not reason.</param>
    /// <param name="prefix">What stands before the model's own name in the host's ids.</param>
    public static Dialect Dialect(Dialect dialect, string prefix)
    {
        var reasoning = dialect with
        {
            Parameters = Rules.With(
                dialect.Parameters,
                ("temperature top_p stop logit_bias", ParameterRule.Refused),
                (Rules.Probabilities, ParameterRule.Refused),
                (Rules.Penalties, ParameterRule.Refused)),
            Messages = dialect.Messages with { TakesDeveloper = true },
        };
        var early = reasoning with { Parameters = Rules.With(reasoning.Parameters, ("parallel_tool_calls", ParameterRule.Refused)) };

        // They take what sampling needs where they are told not to reason, which is their default.
        var optional = reasoning with
        {
            Parameters = Rules.With(reasoning.Parameters, ("temperature top_p", Rules.NotWhileReasoning), (Rules.Probabilities, Rules.NotWhileReasoning)),
        };

        ModelDialect For(Dialect rules, string[] efforts, params string[] models) =>
            new([.. models.Select(model => prefix + model)], rules with { Reasoning = Rules.Efforts(efforts) });

        return dialect with
        {
            Models =
            [
                new([prefix + "gpt-5-chat*"], dialect),
                For(optional, ["none", "low", "medium", "high"], "gpt-5.1*"),
                For(optional, ["none", "low", "medium", "high", "xhigh"], "gpt-5.2*"),
                For(reasoning, ["none", "low", "medium", "high", "xhigh"], "gpt-5.*", "gpt-6*"),
                For(reasoning, ["minimal", "low", "medium", "high"], "gpt-5*"),
                For(early, ["low", "medium", "high"], "o1*", "o3*", "o4*"),
            ],
        };
    }

    private static Dialect Plain(string name) => new(name)
    {
        Parameters = Rules.Parameters(
            ("temperature", Rules.Range(0, 2)),
            ("top_p", Rules.Range(0, 1)),
            (Rules.Penalties, Rules.Range(-2, 2)),
            ("top_logprobs", Rules.Range(0, 20)),
            ("stop", Rules.AtMost(4)),
            (Rules.OpenSampling, ParameterRule.Refused)), // "Unrecognized request argument"
        Messages = new() { TakesDeveloper = true },
        // https://github.com/osaurus-ai/osaurus/issues/1560
        Tools = new() { MaxCount = 128, RefusedTopKeywords = Rules.Words("anyOf oneOf allOf enum not") },
        Media = new()
        {
            Images = new() { MediaTypes = ["image/png", "image/jpeg", "image/webp", "image/gif"], MaxBytes = 50 * 1024 * 1024, MaxCount = 500 },
            Files = new() { TakesUrls = false, MaxBytes = 50 * 1024 * 1024 },
            Audio = new() { TakesUrls = false, MediaTypes = ["audio/wav", "audio/mpeg"] },
            Video = MediaRule.None,
        },
        Formats = new()
        {
            JsonObjectNeedsTheWord = true,
            RefusedSchemaKeywords = Rules.Words("allOf not dependentRequired dependentSchemas if then else"),
        },
        Reasoning = Rules.Uncontrolled(),
    };
}
