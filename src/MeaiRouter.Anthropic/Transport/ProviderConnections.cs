using System.Net;
using MeaiRouter.Diagnostics;

namespace MeaiRouter.Anthropic.Transport;

/// <summary>The connections of a client that was given none.</summary>
internal static class ProviderConnections
{
    private static readonly TimeSpan ConnectTimeout = TimeSpan.FromSeconds(5);

    // Providers move; a connection that never ends never sees a new address.
    private static readonly TimeSpan Lifetime = TimeSpan.FromMinutes(5);

    public static HttpClient Create() => new(new SocketsHttpHandler
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
    })
    {
        // Deadlines belong to the layers above, which know what the caller allows.
        Timeout = Timeout.InfiniteTimeSpan,
    };
}
