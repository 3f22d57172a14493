namespace MeaiRouter.Testing;

/// <summary>The rules of models served with their own chat templates, which raise errors of their own.</summary>
internal static class ChatTemplateRules
{
    private const string MustAlternate = "After the optional system message, conversation roles must alternate user/assistant/user/assistant/...";

    public static StrictDialect VLlm { get; } = new("vllm")
    {
        ErrorBody = ErrorEnvelopes.VLlm,
        Answers = AnswerShape.VLlm,
        Rules =
        [
            // Qwen's templates; https://github.com/suitenumerique/conversations/issues/197 for a second message of the system.
            SystemFirst(400, "System message must be at the beginning."),
            // https://github.com/vllm-project/vllm/issues/6862
            Alternation(400, MustAlternate),
        ],
    };

    public static StrictDialect LlamaCpp { get; } = new("llama.cpp")
    {
        ErrorBody = ErrorEnvelopes.LlamaCpp,
        Answers = AnswerShape.VLlm,
        Rules =
        [
            SystemFirst(500, "Jinja Exception: System message must be at the beginning."),
            Alternation(500, "Jinja Exception: " + MustAlternate),
            // common/json-schema-to-grammar refuses what it cannot make a grammar of.
            Rules.EachFunction("function-schema", static (_, function) =>
                function.Get("parameters").Names().Contains("not") ? new("JSON schema conversion failed:\nUnrecognized schema: {\"not\"}") : null),
        ],
    };

    private static StrictRule SystemFirst(int status, string words) => Rules.EachMessage("system-first", message =>
        message.IsSystem && message.Index > 0 ? new(words) { Status = status } : null);

    // Mistral's template counts neither the results of tools nor the messages that call them.
    private static StrictRule Alternation(int status, string words) => Rules.Turns(
        static messages => messages.Where(static message => message.Role == "user" || message is { Role: "assistant", Calls.Count: 0 }),
        () => new(words) { Status = status });
}
