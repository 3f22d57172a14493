namespace MeaiRouter.Testing;

/// <summary>OpenRouter's rules where one of Anthropic's models answers: https://openrouter.ai/docs/guides/best-practices/reasoning-tokens.</summary>
internal static class OpenRouterRules
{
    public static StrictDialect Dialect { get; } = new("openrouter")
    {
        ErrorBody = ErrorEnvelopes.OpenRouter,
        Answers = AnswerShape.OpenRouter,
        Rules =
        [
            // https://github.com/can1357/oh-my-pi/issues/3399: the text as it was and the signature over it, made here.
            StrictRule.Of("signature", static request =>
                request.Messages.FirstOrDefault(message => message.Json.Items("reasoning_details").Any(detail =>
                    detail.Text("signature") is { } signature && !request.Issued.IsSignatureOf(signature, detail.Text("text") ?? ""))) is { } message
                    ? new($"messages.{message.Index}.content.0: Invalid `signature` in `thinking` block")
                    : null),
            // What was thought before a call comes back with it, as long as the tools are at work.
            StrictRule.Of("missing-signature", static request =>
                request.Messages.SkipWhile(message => request.Messages.Skip(message.Index).Any(static later => later.Role == "user"))
                    .FirstOrDefault(message => message.Calls.Any(call => !request.Issued.Fits(call.Id, Thoughts(message)))) is { } message
                    ? new(
                        $"messages.{message.Index}.content.0.type: Expected `thinking` or `redacted_thinking`, but found `tool_use`. When `thinking` is enabled, a final "
                        + "`assistant` message must start with a thinking block (preceeding the lastmost set of `tool_use` and `tool_result` blocks).")
                    : null),
            // The Messages API judges results as it does without a gateway.
            .. AnthropicRules.Dialect.Rules.Where(static rule => rule.Name is "tool-results" or "tool-call-id" or "function-name"),
        ],
    };

    private static string Thoughts(WireMessage message) =>
        string.Concat(message.Json.Items("reasoning_details").Select(static detail => detail.Text("text")));
}
