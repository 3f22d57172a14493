using System.Collections.Frozen;
using MeaiRouter.Dialects;

namespace MeaiRouter.OpenAI.Providers;

/// <summary>Those who make models and serve them; of OpenAI, whose table is longer, see <see cref="OpenAIModels"/>.</summary>
internal static class Makers
{
    private static readonly string[] Pictures = ["image/png", "image/jpeg", "image/webp", "image/gif"];

    public static IReadOnlyList<KnownProvider> All { get; } =
    [
        OpenAI(), Anthropic(), Gemini(), Mistral(), XAI(), Cohere(), Perplexity(),
    ];

    private static KnownProvider OpenAI() => new("openai", "https://api.openai.com/v1")
    {
        DisplayName = "OpenAI",
        KeyVariables = ["OPENAI_API_KEY"],
        Dialect = OpenAIModels.Dialect("openai").Making("openai-responses-v1"),
        Spelling = OpenAIModels.Spelling,
    };

    // https://platform.claude.com/docs/en/api/openai-sdk: what is said to be ignored is refused here, so that it is not lost unseen.
    private static KnownProvider Anthropic()
    {
        var dialect = new Dialect("anthropic")
        {
            Parameters = Rules.Parameters(
                ("temperature", Rules.Range(0, 1) with { RefusedWhileReasoning = true }),
                ("top_k top_p", Rules.NotWhileReasoning),
                ("stop", new() { RefusesBlank = true }), // "each stop sequence must contain non-whitespace"
                (Rules.Penalties, ParameterRule.Refused),
                (Rules.Probabilities, ParameterRule.Refused),
                ("logit_bias seed prediction", ParameterRule.Refused)),
            Messages = new()
            {
                System = SystemPlacement.OneLeading, // hoisted and joined
                MustBeginWithUser = true,
                TakesEmptyContent = false,
                TakesAuthorNames = false,
                PrefillMayEndInSpace = false, // "final assistant content cannot end with trailing whitespace"
            },
            Tools = new()
            {
                TakesStrict = false,
                RefusedTopKeywords = Rules.Words("anyOf oneOf allOf"), // https://github.com/anthropics/claude-code/issues/40075
                ChoicesWhileReasoning = ToolChoiceForms.None, // https://platform.claude.com/docs/en/build-with-claude/extended-thinking
            },
            Media = new()
            {
                // https://platform.claude.com/docs/en/build-with-claude/vision: 5 MB an image, 100 a request.
                Images = new() { MediaTypes = Pictures, MaxBytes = 5 * 1024 * 1024, MaxCount = 100 },
                Files = MediaRule.None,
                Audio = MediaRule.None,
                Video = MediaRule.None,
            },
            Formats = new() { TakesJsonObject = false, TakesJsonSchema = false },

            // https://platform.claude.com/docs/en/build-with-claude/extended-thinking
            Reasoning = new() { Control = ReasoningControl.Budget, MinBudget = 1_024, BudgetIsWithinOutput = true, TakesOtherMembers = false },
        };

        return new("anthropic", "https://api.anthropic.com/v1")
        {
            DisplayName = "Anthropic",
            KeyVariables = ["ANTHROPIC_API_KEY"],
            Dialect = (dialect with
            {
                // https://platform.claude.com/docs/en/about-claude/models/whats-new-claude-4-6: prefill is gone.
                Models = [new(["claude-opus-4-6*", "claude-opus-4-7*"], dialect with { Messages = dialect.Messages with { Prefill = PrefillForm.Refused } })],
            }).Making("anthropic-claude-v1"),
            Spelling = new() { Reasoning = ReasoningSpelling.Omitted, ReasoningControl = ReasoningControlSpelling.Thinking },
        };
    }

    private static KnownProvider Gemini() => new("gemini", "https://generativelanguage.googleapis.com/v1beta/openai")
    {
        DisplayName = "Google Gemini",
        KeyVariables = ["GEMINI_API_KEY", "GOOGLE_API_KEY"],

        // "Unknown name: Cannot find field": https://github.com/n4ze3m/page-assist/issues/418, https://github.com/MinLL/SkyrimNet-GamePlugin/issues/77
        Dialect = GeminiModels.Dialect("gemini", $"seed {Rules.Penalties} {Rules.Probabilities}"),
        Spelling = GeminiModels.Spelling,
    };

    // https://docs.mistral.ai/api/#tag/chat. Fields that are not in it are refused with 422, "Extra inputs are not permitted".
    private static KnownProvider Mistral()
    {
        var dialect = new Dialect("mistral")
        {
            Parameters = Rules.Parameters(
                ("temperature", Rules.Range(0, 1.5)),
                (Rules.Probabilities, ParameterRule.Refused),
                (Rules.OpenSampling, ParameterRule.Refused),
                ("logit_bias", ParameterRule.Refused)),
            Messages = new()
            {
                System = SystemPlacement.Leading, // not after the assistant's or a tool's: mistral_common/protocol/instruct/validator.py
                UserMayFollowToolResult = false,
                TakesEmptyContent = false, // "Assistant message must have either content or tool_calls"
                TakesAuthorNames = false,
                Prefill = PrefillForm.Marked, // https://docs.mistral.ai/capabilities/completion: prefix
            },
            Tools = new() { MaxCallIdLength = 9, FixedCallIds = true },
            Media = new()
            {
                // https://docs.mistral.ai/capabilities/vision, /document_ai and /audio
                Images = new() { MediaTypes = Pictures, MaxBytes = 10 * 1024 * 1024, MaxCount = 8 },
                Files = MediaRule.Any,
                Video = MediaRule.None,
            },
            Reasoning = Rules.Uncontrolled(),
            Answers = new() { TextToolCalls = TextToolCalls.Mistral },
        };

        return new("mistral", "https://api.mistral.ai/v1")
        {
            DisplayName = "Mistral",
            KeyVariables = ["MISTRAL_API_KEY"],
            Dialect = (dialect with
            {
                Models =
                [
                    // https://docs.mistral.ai/capabilities/reasoning: reasoning_effort none or high, by these models; Magistral always reasons.
                    new(["mistral-small-latest", "mistral-small-2603", "mistral-medium-3*"], dialect with { Reasoning = Rules.Efforts("none", "high") }),
                    new(["magistral-*"], dialect with { Reasoning = Rules.Uncontrolled(always: true) }),
                ],
            }).Making(),
            Spelling = new()
            {
                Reasoning = ReasoningSpelling.Omitted,
                ReasoningControl = ReasoningControlSpelling.EffortOnly,
                Renames = new Dictionary<string, string> { ["seed"] = "random_seed" }.ToFrozenDictionary(),
                AsksForUsage = false, // the last chunk holds it unasked
                RequiredToolChoice = "any",
                Files = FileSpelling.DocumentUrl,
                Audio = AudioSpelling.Bare,
            },
        };
    }

    // https://docs.x.ai/docs/guides/reasoning, https://docs.x.ai/docs/guides/structured-outputs, https://docs.x.ai/docs/guides/image-understanding
    private static KnownProvider XAI()
    {
        var dialect = new Dialect("xai")
        {
            Parameters = Rules.Parameters(("logit_bias", ParameterRule.Refused)),
            Messages = new() { TakesEmptyContent = false }, // "Each message must have at least one content element"
            Tools = new() { MaxCount = 128 },
            Media = new() { Images = new() { MediaTypes = ["image/png", "image/jpeg"], MaxBytes = 20 * 1024 * 1024 } },
            Formats = new() { RefusedSchemaKeywords = Rules.Words("allOf minLength maxLength minItems maxItems minContains maxContains") },
            Reasoning = Rules.Uncontrolled(),
        };
        var reasoning = dialect with { Parameters = Rules.With(dialect.Parameters, (Rules.Penalties, ParameterRule.Refused), ("stop", ParameterRule.Refused)) };

        return new("xai", "https://api.x.ai/v1")
        {
            DisplayName = "xAI",
            KeyVariables = ["XAI_API_KEY"],
            Dialect = (dialect with
            {
                Models =
                [
                    new(["*non-reasoning*"], dialect),
                    new(["grok-3-mini*"], reasoning with { Reasoning = Rules.Efforts("low", "high") }),
                    new(["grok-4.3*", "grok-latest"], reasoning with { Reasoning = Rules.Efforts("none", "low", "medium", "high") }),
                    new(["grok-4.5*"], reasoning with { Reasoning = Rules.Efforts("low", "medium", "high") }),
                    new(["grok-4*", "grok-code*"], reasoning with { Reasoning = Rules.Uncontrolled(always: true) }),
                ],
            }).Making("xai-responses-v1"),
            Spelling = new() { ReasoningControl = ReasoningControlSpelling.EffortOnly },
        };
    }

    // https://docs.cohere.com/docs/compatibility-api; ranges: https://docs.cohere.com/reference/chat
    private static KnownProvider Cohere() => new("cohere", "https://api.cohere.ai/compatibility/v1")
    {
        DisplayName = "Cohere",
        KeyVariables = ["COHERE_API_KEY", "CO_API_KEY"],
        Dialect = (new Dialect("cohere")
        {
            Parameters = Rules.Parameters(
                ("temperature", Rules.Range(0, 1)),
                ("top_p", Rules.Range(0.01, 0.99)),
                (Rules.Penalties, Rules.Range(0, 1)),
                ("stop", Rules.AtMost(5)),
                ("logit_bias top_logprobs parallel_tool_calls prediction", ParameterRule.Refused),
                (Rules.OpenSampling, ParameterRule.Refused)), // "unknown field": https://github.com/OpenRouterTeam/openrouter-examples/issues/71
            Messages = new() { TakesEmptyContent = false }, // https://github.com/yym68686/uni-api/issues/6
            Tools = new() { MayBeUsedWithFormat = false, Choices = ToolChoiceForms.None | ToolChoiceForms.Required },
            Reasoning = Rules.Efforts("none", "high"),
        }).Making(),
        Spelling = new()
        {
            Reasoning = ReasoningSpelling.Omitted,
            ReasoningControl = ReasoningControlSpelling.EffortOnly,
            Schemas = SchemaSpelling.JsonObject,
        },
    };

    // https://docs.perplexity.ai/api-reference/chat-completions-post, https://docs.perplexity.ai/guides/image-guide
    private static KnownProvider Perplexity()
    {
        var dialect = new Dialect("perplexity")
        {
            Parameters = Rules.Parameters(
                ("temperature", Rules.Range(0, 1.99)),
                ("seed stop logit_bias tools tool_choice parallel_tool_calls", ParameterRule.Refused),
                (Rules.Probabilities, ParameterRule.Refused)),
            Messages = new()
            {
                System = SystemPlacement.Leading,
                MustAlternate = true,
                MustBeginWithUser = true,
                Prefill = PrefillForm.Refused, // the last message must be the user's
                TakesAuthorNames = false,
            },
            Media = new() { Images = new() { MediaTypes = Pictures, MaxBytes = 50 * 1024 * 1024 }, Audio = MediaRule.None, Video = MediaRule.None },
            Formats = new() { TakesJsonObject = false },
            Reasoning = Rules.Uncontrolled(),
        };

        return new("perplexity", "https://api.perplexity.ai")
        {
            DisplayName = "Perplexity",
            KeyVariables = ["PERPLEXITY_API_KEY", "PPLX_API_KEY"],
            Dialect = (dialect with
            {
                Models = [new(["sonar-reasoning*", "sonar-deep-research*"], dialect with { Reasoning = Rules.Efforts("minimal", "low", "medium", "high") })],
            }).Making(),
            Spelling = new()
            {
                Reasoning = ReasoningSpelling.Omitted,
                ReasoningControl = ReasoningControlSpelling.EffortOnly,
                AsksForUsage = false, // every chunk holds it unasked
            },
        };
    }
}
