using System.Net;
using MeaiRouter.Diagnostics;

namespace MeaiRouter.OpenAI.Transport;

/// <summary>The connections of a client that was given none.</summary>
internal static class ProviderConnections
{
    private static readonly TimeSpan ConnectTimeout = TimeSpan.FromSeconds(5);

    // Providers move; a connection that never ends never sees a new address.
    private static readonly TimeSpan Lifetime = TimeSpan.FromMinutes(5);

    // No HttpClient, which would add a timeout nobody wants and a cancellation of its own to each call: deadlines belong to the layers above,
    // which know what the caller allows.
    public static HttpMessageInvoker Create() => new(new SocketsHttpHandler
    {
        ConnectTimeout = ConnectTimeout,
        PooledConnectionLifetime = Lifetime,
        AllowAutoRedirect = false,
        UseCookies = false,
        ActivityHeadersPropagator = new AttemptPropagator(),

        // A decompressor would hold streamed events back until its window is full.
        AutomaticDecompression = DecompressionMethods.None,

        // An answer nobody reads any more is cut off at once instead of being read to its end: the provider may stop generating.
        MaxResponseDrainSize = 0,
    });

    /// <summary>Sends a request, and waits for no more than the head of the answer.</summary>
    public static Task<HttpResponseMessage> SendAsync(HttpMessageInvoker http, HttpRequestMessage request, CancellationToken cancellationToken) =>
        http is HttpClient client
            ? client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellationToken)
            : http.SendAsync(request, cancellationToken);
}
