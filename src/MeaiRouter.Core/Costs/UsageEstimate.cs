using MeaiRouter.Attempts;
using MeaiRouter.Pricing;
using Microsoft.Extensions.AI;

namespace MeaiRouter.Costs;

/// <summary>Tokens of an attempt whose provider reported none, from its characters. Always flagged as an estimate.</summary>
internal static class UsageEstimate
{
    // OpenAI's rule of thumb for English text.
    private const int CharactersPerToken = 4;

    public static TokenUsage Of(RouteAttempt attempt, IReadOnlyList<ChatMessage> messages, ChatOptions options)
    {
        long characters = options.Instructions?.Length ?? 0;
        foreach (var message in messages)
        {
            foreach (var content in message.Contents)
                characters += content is FunctionResultContent result ? result.Result?.ToString()?.Length ?? 0 : AnswerContent.Length(content);
        }

        return new TokenUsage
        {
            Input = Tokens(characters),
            Output = Tokens(attempt.OutputCharacters),
            IsEstimated = true,
        };
    }

    private static long Tokens(long characters) => (characters + CharactersPerToken - 1) / CharactersPerToken;
}
