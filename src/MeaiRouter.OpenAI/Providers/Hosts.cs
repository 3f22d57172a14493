using MeaiRouter.Dialects;

namespace MeaiRouter.OpenAI.Providers;

/// <summary>Those who serve models that others made.</summary>
internal static class Hosts
{
    // https://openrouter.ai/docs/guides/best-practices/reasoning-tokens: those of all models behind it
    private static readonly string[] DetailFormats =
    [
        "anthropic-claude-v1", "google-gemini-v1", "openai-responses-v1", "azure-openai-responses-v1", "bedrock-openai-responses-v1",
        "xai-responses-v1", "bedrock-xai-responses-v1", "meta-responses-v1",
    ];

    public static IReadOnlyList<KnownProvider> All { get; } =
    [
        OpenRouter(), Groq(), Together(), Fireworks(), DeepInfra(), Cerebras(), SambaNova(),
    ];

    // https://openrouter.ai/docs/api/reference/parameters, /docs/guides/best-practices/reasoning-tokens, /prompt-caching
    private static KnownProvider OpenRouter() => new("openrouter", "https://openrouter.ai/api/v1")
    {
        DisplayName = "OpenRouter",
        KeyVariables = ["OPENROUTER_API_KEY"],
        Dialect = new("openrouter")
        {
            Messages = new() { TakesDeveloper = true },
            Media = new() { Files = MediaRule.Any },
            Reasoning = new()
            {
                Control = ReasoningControl.EffortOrBudget,
                Efforts = ["none", "minimal", "low", "medium", "high", "xhigh", "max"],
                OwnFormats = DetailFormats,
            },
            Caching = new() { Marks = CacheMarks.OnParts, MaxBreakpoints = 4, TakesOneHour = true },
        },
        Spelling = new() { ReasoningControl = ReasoningControlSpelling.ReasoningObject },
    };

    // https://console.groq.com/docs/openai, /docs/reasoning, /docs/structured-outputs, /docs/vision
    private static KnownProvider Groq()
    {
        var dialect = new Dialect("groq")
        {
            Parameters = Rules.Parameters(
                ("temperature", Rules.Range(0, 2)),
                ("stop", Rules.AtMost(4)),
                ("logit_bias", ParameterRule.Refused),
                (Rules.Probabilities, ParameterRule.Refused),
                (Rules.OpenSampling, ParameterRule.Refused)), // "property 'top_k' is unsupported": https://github.com/musistudio/llms/pull/64
            Messages = new() { TakesAuthorNames = false },
            Tools = new() { MaxCount = 128, MayBeUsedWithFormat = false },
            Media = new()
            {
                Images = new() { MaxBytes = 4 * 1024 * 1024, MaxCount = 5 },
                Files = MediaRule.None,
                Audio = MediaRule.None,
                Video = MediaRule.None,
            },
            // https://github.com/BerriAI/litellm/issues/4804: no format in a stream
            Formats = new() { TakesJsonSchema = false, JsonObjectNeedsTheWord = true, MayBeStreamed = false },
            Reasoning = Rules.Uncontrolled(),
        };
        var withSchemas = dialect with { Formats = dialect.Formats with { TakesJsonSchema = true } };
        var spelling = new RequestSpelling
        {
            MaxCompletionTokens = true,
            Reasoning = ReasoningSpelling.Reasoning,
            ReasoningControl = ReasoningControlSpelling.EffortOnly,
        };

        return new("groq", "https://api.groq.com/openai/v1")
        {
            DisplayName = "Groq",
            KeyVariables = ["GROQ_API_KEY"],
            Dialect = (dialect with
            {
                Models =
                [
                    new(["openai/gpt-oss*"], withSchemas with { Reasoning = Rules.Efforts("low", "medium", "high") }),
                    new(["qwen/qwen3*"], dialect with { Reasoning = Rules.OnOff }),
                    new(["moonshotai/*", "meta-llama/llama-4*"], withSchemas),
                ],
            }).Making(),
            Spelling = spelling with
            {
                // Qwen: reasoning_effort none or default.
                Models =
                [
                    new(["qwen/qwen3*"], spelling with
                    {
                        ReasoningControl = new() { Effort = null, Switch = "reasoning_effort", On = "default", Off = "none" },
                    }),
                ],
            },
        };
    }

    // https://docs.together.ai/reference/chat-completions, https://docs.together.ai/docs/inference/chat/reasoning
    private static KnownProvider Together() => new("together", "https://api.together.xyz/v1")
    {
        DisplayName = "Together AI",
        KeyVariables = ["TOGETHER_API_KEY"],
        Dialect = new("together") { Reasoning = Rules.Efforts("none", "low", "medium", "high") },
        Spelling = new() { ReasoningControl = ReasoningControlSpelling.EffortOnly with { Switch = "reasoning.enabled" } },
    };

    // https://docs.fireworks.ai/guides/reasoning, https://docs.fireworks.ai/api-reference/post-chatcompletions
    private static KnownProvider Fireworks() => new("fireworks", "https://api.fireworks.ai/inference/v1")
    {
        DisplayName = "Fireworks AI",
        KeyVariables = ["FIREWORKS_API_KEY"],
        Dialect = new("fireworks")
        {
            Reasoning = new() { Control = ReasoningControl.EffortOrBudget, Efforts = ["none", "low", "medium", "high"], MinBudget = 1_024, TakesOtherMembers = false },
        },
        Spelling = new() { ReasoningControl = ReasoningControlSpelling.Thinking with { Effort = "reasoning_effort" } },
    };

    // https://docs.deepinfra.com/chat/reasoning, https://deepinfra.com/docs/advanced/function_calling: tool_choice only auto or none
    private static KnownProvider DeepInfra() => new("deepinfra", "https://api.deepinfra.com/v1/openai")
    {
        DisplayName = "DeepInfra",
        KeyVariables = ["DEEPINFRA_API_KEY", "DEEPINFRA_TOKEN"],
        Dialect = new("deepinfra")
        {
            Tools = new() { Choices = ToolChoiceForms.None },
            Reasoning = Rules.Efforts("none", "low", "medium", "high", "xhigh"),
        },
        Spelling = new() { ReasoningControl = ReasoningControlSpelling.EffortOnly with { Switch = "reasoning.enabled" } },
    };

    // https://inference-docs.cerebras.ai/resources/openai, /capabilities/reasoning, /capabilities/structured-outputs
    private static KnownProvider Cerebras()
    {
        var dialect = new Dialect("cerebras")
        {
            Parameters = Rules.Parameters((Rules.Penalties, ParameterRule.Refused), ("logit_bias", ParameterRule.Refused)),
            Tools = new() { MayBeUsedWithFormat = false },
            Formats = new() { RefusedSchemaKeywords = Rules.Words("pattern format minItems maxItems $anchor") },
            Reasoning = Rules.Uncontrolled(),
        };

        return new("cerebras", "https://api.cerebras.ai/v1")
        {
            DisplayName = "Cerebras",
            KeyVariables = ["CEREBRAS_API_KEY"],
            Dialect = dialect with { Models = [new(["gpt-oss*"], dialect with { Reasoning = Rules.Efforts("low", "medium", "high") })] },
            Spelling = new() { MaxCompletionTokens = true, ReasoningControl = ReasoningControlSpelling.EffortOnly },
        };
    }

    // https://docs.sambanova.ai/docs/en/features/openai-compatibility: not supported, or without effect
    private static KnownProvider SambaNova() => new("sambanova", "https://api.sambanova.ai/v1")
    {
        DisplayName = "SambaNova",
        KeyVariables = ["SAMBANOVA_API_KEY"],
        Dialect = new("sambanova")
        {
            Parameters = Rules.Parameters(
                ("temperature", Rules.Range(0, 1)),
                ("seed logit_bias", ParameterRule.Refused),
                (Rules.Penalties, ParameterRule.Refused),
                (Rules.Probabilities, ParameterRule.Refused)),
            Reasoning = new() { TakesOtherMembers = false },
        },
        Spelling = new() { ReasoningControl = ReasoningControlSpelling.ChatTemplate },
    };
}
