namespace MeaiRouter.Testing;

/// <summary>Perplexity's rules: https://docs.perplexity.ai/api-reference/chat-completions-post and reported errors.</summary>
internal static class PerplexityRules
{
    public static StrictDialect Dialect { get; } = new("perplexity")
    {
        ErrorBody = ErrorEnvelopes.Perplexity,
        Answers = AnswerShape.Perplexity,
        Rules =
        [
            // https://github.com/danny-avila/LibreChat/issues/1910
            Rules.Refuses("stop", static _ => new("custom stop words are not implemented for completions.") { Type = "unsupported_parameter" }),
            // https://github.com/NousResearch/hermes-agent/issues/49761: a sonar model calls no tools; the wording is the service's for other capabilities.
            Rules.Refuses("tools", static _ => new("Tool calling is not supported for this model.") { Type = "unsupported_parameter" }),
            Rules.Range("temperature", 0, Below2, static _ => new("At body -> temperature: Input should be less than 2")),
            // The documentation knows json_schema and regex.
            StrictRule.Of("json-object", static request =>
                request.Format == "json_object" ? new("At body -> response_format -> type: Input should be 'json_schema'") : null),
            // https://github.com/BerriAI/litellm/issues/11665
            Rules.EachMessage("role", static message => message.Role is "system" or "user" or "assistant" or "tool"
                ? null
                : new($"At body -> messages -> {message.Index} -> role: Input should be 'system', 'user' or 'assistant'")),
            // https://github.com/iamsrikanthnani/pluely/issues/71
            Rules.Turns(
                static messages => messages.Where((message, i) => message.Role != "tool" || i == 0 || messages[i - 1].Role != "tool"),
                static () => new("After the (optional) system message(s), user or tool message(s) should alternate with assistant message(s).") { Type = "invalid_message" }),
            StrictRule.Of("last-role", static request =>
                request.Messages is [.., { Role: not ("user" or "tool") }] or [] ? new("Last message must have role `user` or `tool`.") { Type = "invalid_message" } : null),
        ],
    };

    // Twice the least step below 2 that a client would write.
    private const double Below2 = 1.9999;
}
