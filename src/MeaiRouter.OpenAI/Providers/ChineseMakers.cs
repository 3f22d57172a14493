using System.Collections.Frozen;
using System.Text.Json;
using MeaiRouter.Dialects;

namespace MeaiRouter.OpenAI.Providers;

/// <summary>Makers of models in China, at their addresses for the rest of the world.</summary>
internal static class ChineseMakers
{
    private static readonly JsonElement True = JsonElement.Parse("true");

    public static IReadOnlyList<KnownProvider> All { get; } = [DeepSeek(), Moonshot(), Alibaba(), ZAI(), MiniMax()];

    // https://api-docs.deepseek.com/api/create-chat-completion, https://api-docs.deepseek.com/guides/thinking_mode
    private static KnownProvider DeepSeek()
    {
        var dialect = new Dialect("deepseek")
        {
            Parameters = Rules.Parameters(
                ("temperature", Rules.Range(0, 2) with { RefusedWhileReasoning = true }), // taken, but without effect
                ("stop", Rules.AtMost(16)),
                ("top_p", Rules.NotWhileReasoning),
                (Rules.Penalties, Rules.NotWhileReasoning),
                (Rules.Probabilities, Rules.NotWhileReasoning)),
            Messages = new() { Prefill = PrefillForm.Refused }, // prefix is known only at https://api.deepseek.com/beta
            Tools = new() { MaxCount = 128, ChoicesWhileReasoning = ToolChoiceForms.None },

            // "unknown variant `image_url`, expected `text`": https://github.com/vercel/ai/issues/9179
            Media = new() { Images = MediaRule.None, Files = MediaRule.None, Audio = MediaRule.None, Video = MediaRule.None },
            Formats = new() { TakesJsonSchema = false, JsonObjectNeedsTheWord = true },
            Reasoning = Rules.Efforts("none", "low", "high", "max"),
        };

        return new("deepseek", "https://api.deepseek.com/v1")
        {
            DisplayName = "DeepSeek",
            KeyVariables = ["DEEPSEEK_API_KEY"],
            Dialect = (dialect with
            {
                // https://api-docs.deepseek.com/guides/reasoning_model
                Models =
                [
                    new(["deepseek-reasoner*"], dialect with
                    {
                        Parameters = Rules.With(
                            dialect.Parameters,
                            ("temperature top_p", ParameterRule.Refused),
                            (Rules.Penalties, ParameterRule.Refused),
                            (Rules.Probabilities, ParameterRule.Refused)),
                        Tools = dialect.Tools with { Choices = ToolChoiceForms.None }, // it always thinks
                        Reasoning = dialect.Reasoning with { Efforts = ["low", "high", "max"], IsMandatory = true },
                    }),
                ],
            }).Making(),
            Spelling = new()
            {
                // Refuses a loop of tools without the reasoning that began it: https://github.com/dotnet/extensions/issues/7405
                Reasoning = ReasoningSpelling.ReasoningContent,
                ReasoningControl = ReasoningControlSpelling.Thinking with { Effort = "reasoning_effort", Budget = null },
            },
        };
    }

    // https://platform.moonshot.ai/docs/api/chat, https://platform.moonshot.ai/docs/guide/migrating-from-openai-to-kimi
    private static KnownProvider Moonshot()
    {
        var dialect = new Dialect("moonshot")
        {
            Parameters = Rules.Parameters(("temperature", Rules.Range(0, 1)), ("stop", Rules.AtMost(5)), ("logit_bias seed", ParameterRule.Refused)),
            Messages = new() { Prefill = PrefillForm.Marked, TakesEmptyContent = false }, // "must not be empty"
            Tools = new() { MaxCount = 128, NamesBeginWithLetter = true, Choices = ToolChoiceForms.None },
            Media = new() { Images = MediaRule.InlineOnly }, // https://platform.moonshot.ai/docs/guide/use-kimi-vision-model: no addresses
            Reasoning = Rules.Uncontrolled(),
        };

        // Their sampling is fixed: https://platform.moonshot.ai/docs/guide/kimi-k2-5-quickstart
        var kimi = dialect with
        {
            Parameters = Rules.With(dialect.Parameters, ("temperature top_p", ParameterRule.Refused), (Rules.Penalties, ParameterRule.Refused)),
        };

        return new("moonshot", "https://api.moonshot.ai/v1")
        {
            DisplayName = "Moonshot AI",
            KeyVariables = ["MOONSHOT_API_KEY"],
            Dialect = (dialect with
            {
                Models =
                [
                    new(["kimi-k2.5*", "kimi-k2.6*"], kimi with { Reasoning = Rules.OnOff }),
                    new(["kimi-k2.7*"], kimi with { Reasoning = Rules.Uncontrolled(always: true) }),
                    new(["kimi-k3*"], kimi with { Reasoning = Rules.Efforts("low", "high", "max") }),
                ],
            }).Making(),
            Spelling = new()
            {
                MaxCompletionTokens = true,
                Reasoning = ReasoningSpelling.ReasoningContent,
                ReasoningControl = ReasoningControlSpelling.Thinking with { Effort = "reasoning_effort", Budget = null },
                Prefill = PrefillSpelling.Partial,
                Models =
                [
                    new(["kimi-k2.5*", "kimi-k2.6*"], new()
                    {
                        MaxCompletionTokens = true,
                        Reasoning = ReasoningSpelling.ReasoningContent,
                        ReasoningControl = ReasoningControlSpelling.Thinking with { Budget = null },
                        Prefill = PrefillSpelling.Partial,
                    }),
                ],
            },
        };
    }

    // https://www.alibabacloud.com/help/en/model-studio/qwen-api-via-openai-chat-completions, /deep-thinking, /context-cache, /json-mode, /partial-mode
    private static KnownProvider Alibaba()
    {
        var dialect = new Dialect("alibaba")
        {
            Parameters = Rules.Parameters(("temperature", Rules.Range(0, 1.99)), ("top_p", Rules.Range(0.01, 1)), ("logit_bias", ParameterRule.Refused)),
            Messages = new() { Prefill = PrefillForm.Marked },
            Tools = new() { Choices = ToolChoiceForms.None | ToolChoiceForms.Named },
            Formats = new() { JsonObjectNeedsTheWord = true },
            Reasoning = new() { Control = ReasoningControl.Budget, MinBudget = 1, MaxBudget = 81_920, TakesOtherMembers = false },
            Caching = new() { Marks = CacheMarks.OnParts, MaxBreakpoints = 4 },
        };
        var spelling = new RequestSpelling
        {
            Reasoning = ReasoningSpelling.Omitted,
            ReasoningControl = ReasoningControlSpelling.EnableThinking,
            Prefill = PrefillSpelling.Partial,
            Audio = AudioSpelling.DataUri,
        };

        return new("alibaba", "https://dashscope-intl.aliyuncs.com/compatible-mode/v1")
        {
            DisplayName = "Alibaba Cloud",
            KeyVariables = ["DASHSCOPE_API_KEY"],
            Dialect = dialect with
            {
                Models =
                [
                    new(["*-thinking*", "qwq*"], dialect with { Reasoning = dialect.Reasoning with { IsMandatory = true } }),
                    new(["deepseek-v4*"], dialect with { Reasoning = Rules.Efforts("none", "high", "max") }),
                ],
            },
            Spelling = spelling with
            {
                Models =
                [
                    new(["deepseek-v4*"], spelling with { ReasoningControl = ReasoningControlSpelling.EnableThinking with { Effort = "reasoning_effort", Budget = null } }),
                ],
            },
        };
    }

    // https://docs.z.ai/api-reference/llm/chat-completion, https://docs.z.ai/guides/capabilities/thinking
    private static KnownProvider ZAI() => new("zai", "https://api.z.ai/api/paas/v4")
    {
        DisplayName = "Z.ai",
        KeyVariables = ["ZAI_API_KEY", "ZHIPU_API_KEY"],
        Dialect = (new Dialect("zai")
        {
            Parameters = Rules.Parameters(
                ("temperature", Rules.Range(0, 1)),
                ("top_p", Rules.Range(0.01, 1)),
                ("stop", Rules.AtMost(1)),
                ("logit_bias seed", ParameterRule.Refused),
                (Rules.Penalties, ParameterRule.Refused),
                (Rules.Probabilities, ParameterRule.Refused)),
            Messages = new() { TakesEmptyContent = false }, // "The prompt parameter was not received normally."
            Tools = new() { MaxCount = 128, Choices = ToolChoiceForms.AutoOnly },
            Media = new() { Images = new() { MaxBytes = 5 * 1024 * 1024 } },
            Formats = new() { TakesJsonSchema = false },
            Reasoning = Rules.OnOff,
        }).Making(),
        Spelling = new() { Reasoning = ReasoningSpelling.ReasoningContent, ReasoningControl = ReasoningControlSpelling.Thinking with { Budget = null } },
    };

    // https://platform.minimax.io/docs/api-reference/text-openai-api
    private static KnownProvider MiniMax()
    {
        var dialect = new Dialect("minimax")
        {
            Parameters = Rules.Parameters(
                ("temperature", Rules.Range(0.01, 1)),
                ("logit_bias", ParameterRule.Refused), // ignored
                (Rules.Penalties, ParameterRule.Refused)),
            Media = new() { Images = MediaRule.None, Files = MediaRule.None, Audio = MediaRule.None, Video = MediaRule.None },
            Reasoning = Rules.Uncontrolled(always: true),
        };

        return new("minimax", "https://api.minimax.io/v1")
        {
            DisplayName = "MiniMax",
            KeyVariables = ["MINIMAX_API_KEY"],
            Dialect = dialect with { Models = [new(["minimax-m3*"], dialect with { Reasoning = Rules.OnOff, Media = MediaRules.Default })] },
            Spelling = new()
            {
                MaxCompletionTokens = true,
                ReasoningControl = ReasoningControlSpelling.Thinking with { Budget = null, On = "adaptive" },
                Always = new Dictionary<string, JsonElement> { ["reasoning_split"] = True }.ToFrozenDictionary(), // reasoning_details rather than <think>
            },
        };
    }
}
