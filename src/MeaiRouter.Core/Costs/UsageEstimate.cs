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
            Requests = 1,
            IsEstimated = true,
        };
    }

    /// <summary>The usage of an attempt that broke off, with at least the output that arrived: Anthropic's streams begin by counting one token.</summary>
    public static TokenUsage AtLeast(in TokenUsage reported, RouteAttempt attempt) =>
        Tokens(attempt.OutputCharacters) - reported.TotalOutput is > 0 and var missing
            ? reported with { Output = reported.Output + missing, IsEstimated = true }
            : reported;

    /// <summary>The images of a prompt.</summary>
    public static int Images(IReadOnlyList<ChatMessage> messages)
    {
        var images = 0;
        foreach (var message in messages)
        {
            foreach (var content in message.Contents)
                images += content is DataContent data && data.HasTopLevelMediaType("image") || content is UriContent uri && uri.HasTopLevelMediaType("image") ? 1 : 0;
        }

        return images;
    }

    private static long Tokens(long characters) => (characters + CharactersPerToken - 1) / CharactersPerToken;
}
