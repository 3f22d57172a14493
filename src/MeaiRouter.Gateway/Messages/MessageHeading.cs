using MeaiRouter.Anthropic.Wire;
using MeaiRouter.Attempts;
using MeaiRouter.Routing;

namespace MeaiRouter.Gateway.Messages;

/// <summary>What stands at the head of a message: our id, and who really answered.</summary>
internal static class MessageHeading
{
    public static void PutOn(AnswerMessage message, string id, RouteAttempt? attempt, CacheUse? cache)
    {
        message.Id = id;
        message.Model = attempt?.Model?.Id ?? cache?.Model ?? message.Model;
        message.Provider = attempt?.Provider ?? cache?.Provider;
    }
}
