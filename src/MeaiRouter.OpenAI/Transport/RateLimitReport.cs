using MeaiRouter.Limits;

namespace MeaiRouter.OpenAI.Transport;

/// <summary>Passes on what a response says about rate limits, if anybody wants to know.</summary>
internal static class RateLimitReport
{
    public static void Send(HttpResponseMessage response, IRateLimitObserver? observer, TimeProvider time)
    {
        if (observer is null)
            return;

        var read = new RateLimitHeaders(time.GetUtcNow());
        foreach (var (name, value) in response.Headers.NonValidated)
        {
            if (RateLimitHeaders.MayBe(name))
                read.Add(name, value.ToString());
        }

        if (read.Limits is { } limits)
            observer.Observe(limits);
    }
}
