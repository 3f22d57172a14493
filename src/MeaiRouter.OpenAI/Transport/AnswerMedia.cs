using MeaiRouter.Attempts;

namespace MeaiRouter.OpenAI.Transport;

/// <summary>The media types in which answers come.</summary>
internal static class AnswerMedia
{
    public const string Json = "application/json";
    public const string EventStream = "text/event-stream";

    public static bool IsEventStream(HttpResponseMessage response) => Is(response, EventStream);

    public static bool IsJson(HttpResponseMessage response) => Is(response, Json);

    /// <summary>Throws if the answer is a page for people, as proxies and captive portals send it.</summary>
    public static void ThrowIfPage(HttpResponseMessage response, string provider)
    {
        if (!Is(response, "text/html") && !Is(response, "application/xhtml+xml"))
            return;

        throw new RouterException(
            FailureKind.MalformedAnswer, $"{provider} answered with an HTML page: check its base address and what stands between.")
        {
            Provider = provider,
            Status = (int)response.StatusCode,
        };
    }

    private static bool Is(HttpResponseMessage response, string mediaType) =>
        string.Equals(response.Content.Headers.ContentType?.MediaType, mediaType, StringComparison.OrdinalIgnoreCase);
}
