using MeaiRouter.Dialects;

namespace MeaiRouter.OpenAI.Providers;

/// <summary>Servers that people run themselves, where they listen by default. They want no key unless told to.</summary>
internal static class LocalServers
{
    // Models served without a parser of their own write what they mean into their text.
    private static readonly AnswerRules Raw = new() { TextToolCalls = TextToolCalls.Any };

    // What the strictest of the chat templates they render wants; others take it as well, and no word is lost. A user whose template takes more
    // says so in a dialect of his own. https://github.com/vllm-project/vllm/issues/6862, https://github.com/suitenumerique/conversations/issues/197
    private static readonly MessageRules Template = new()
    {
        System = SystemPlacement.OneLeading,
        MustAlternate = true,
        MustBeginWithUser = true,
        UserMayFollowToolResult = false,
    };

    public static IReadOnlyList<KnownProvider> All { get; } = [Ollama(), VLLM(), LMStudio(), LlamaCpp()];

    // https://docs.ollama.com/openai
    private static KnownProvider Ollama() => new("ollama", "http://localhost:11434/v1")
    {
        DisplayName = "Ollama",
        Dialect = new("ollama")
        {
            Parameters = Rules.Parameters(("logit_bias tool_choice", ParameterRule.Refused)),
            Tools = new() { Choices = ToolChoiceForms.AutoOnly },
            Media = new() { Images = MediaRule.InlineOnly },
            Reasoning = Rules.Efforts("none", "low", "medium", "high", "max"),
            Answers = Raw,
        },
        Spelling = new() { ReasoningControl = ReasoningControlSpelling.EffortOnly },
    };

    // https://docs.vllm.ai/en/latest/serving/openai_compatible_server.html, /features/reasoning_outputs.html
    private static KnownProvider VLLM() => new("vllm", "http://localhost:8000/v1")
    {
        DisplayName = "vLLM",
        Dialect = new("vllm")
        {
            Messages = Template with { Prefill = PrefillForm.Marked },
            Reasoning = Rules.Efforts("none", "low", "medium", "high"),
            Answers = Raw,
        },
        Spelling = new() { ReasoningControl = ReasoningControlSpelling.ChatTemplate, Prefill = PrefillSpelling.ContinueFinalMessage },
    };

    // https://lmstudio.ai/docs/developer/openai-compat/chat-completions
    private static KnownProvider LMStudio() => new("lmstudio", "http://localhost:1234/v1")
    {
        DisplayName = "LM Studio",
        Dialect = new("lmstudio") { Reasoning = Rules.Uncontrolled(), Answers = Raw },
    };

    // https://github.com/ggml-org/llama.cpp/tree/master/tools/server#post-v1chatcompletions-openai-compatible-chat-completions-api
    private static KnownProvider LlamaCpp() => new("llamacpp", "http://localhost:8080/v1")
    {
        DisplayName = "llama.cpp",
        Dialect = new("llamacpp") { Messages = Template, Reasoning = Rules.OnOff, Answers = Raw },
        Spelling = new() { ReasoningControl = ReasoningControlSpelling.ChatTemplate with { Effort = null } },
    };
}
