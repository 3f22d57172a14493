using MeaiRouter.Attempts;
using MeaiRouter.OpenAI.Wire;
using MeaiRouter.Routing;

namespace MeaiRouter.Gateway.ChatCompletions;

/// <summary>What stands at the head of an answer and of each of its chunks.</summary>
/// <param name="Id">The id of the request.</param>
/// <param name="Created">When it came, in seconds since 1970.</param>
internal sealed record AnswerHeading(string Id, long Created)
{
    /// <summary>Heads the answer: our id and time, and who really answered.</summary>
    public ChatCompletion PutOn(ChatCompletion completion, RouteAttempt? attempt, CacheUse? cache)
    {
        completion.Id = Id;
        completion.Created = Created;
        completion.Model = attempt?.Model?.Id ?? cache?.Model ?? completion.Model;
        completion.Provider = attempt?.Provider ?? cache?.Provider ?? completion.Provider;
        return completion;
    }
}
