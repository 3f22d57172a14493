using MeaiRouter.Attempts;
using MeaiRouter.OpenAI.Responses;
using MeaiRouter.Routing;

namespace MeaiRouter.Gateway.Responses;

/// <summary>Who really answered, at the head of an answer of the Responses API.</summary>
internal static class ResponseHeading
{
    public static void PutOn(ResponseObject response, RouteAttempt? attempt, CacheUse? cache, string? model)
    {
        response.Model = attempt?.Model?.Id ?? cache?.Model ?? model ?? response.Model;
        response.Provider = attempt?.Provider ?? cache?.Provider;
    }
}
