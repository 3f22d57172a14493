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

    // As it came: to parse its parameters is to allocate for nothing.
    private static bool Is(HttpResponseMessage response, string mediaType)
    {
        var type = response.Content.Headers.NonValidated.TryGetValues("Content-Type", out var values) ? values.ToString().AsSpan() : default;
        var parameters = type.IndexOf(';');
        return (parameters < 0 ? type : type[..parameters]).Trim().Equals(mediaType, StringComparison.OrdinalIgnoreCase);
    }
}
