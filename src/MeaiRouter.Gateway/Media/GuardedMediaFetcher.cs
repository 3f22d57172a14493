using System.Buffers;
using System.Net;
using System.Net.Http.Headers;
using System.Net.Security;
using MeaiRouter.Normalization;
using Microsoft.Extensions.AI;

namespace MeaiRouter.Gateway.Media;

/// <summary>Fetches what callers name by address, from the public internet alone, and no more of it than is allowed.</summary>
/// <remarks>Nothing goes along that could identify the gateway or give it access: no cookies, credentials, proxy or trace headers.</remarks>
internal sealed class GuardedMediaFetcher : IMediaFetcher, IDisposable
{
    private const int MostRedirects = 3;
    private const int MaxHeaderKibibytes = 16;

    private readonly MediaSettings _settings;
    private readonly TimeProvider _time;
    private readonly HttpMessageInvoker _http;

    /// <param name="settings">What is allowed.</param>
    /// <param name="time">The clock.</param>
    /// <param name="connections">Connects, to public addresses only.</param>
    /// <param name="tls">How servers are authenticated; <see langword="null"/> as is usual.</param>
    public GuardedMediaFetcher(MediaSettings settings, TimeProvider time, PublicConnections connections, SslClientAuthenticationOptions? tls = null)
    {
        (_settings, _time) = (settings, time);
        _http = new HttpMessageInvoker(new SocketsHttpHandler
        {
            AllowAutoRedirect = false,
            UseCookies = false,
            UseProxy = false,
            Credentials = null,
            AutomaticDecompression = DecompressionMethods.None,
            ActivityHeadersPropagator = null,
            MaxResponseHeadersLength = MaxHeaderKibibytes,
            MaxResponseDrainSize = 0,
            PooledConnectionLifetime = TimeSpan.FromMinutes(1),
            ConnectCallback = connections.OpenAsync,
            SslOptions = tls ?? new(),
        });
    }

    public async Task<DataContent> FetchAsync(UriContent content, CancellationToken cancellationToken)
    {
        using var timeout = new CancellationTokenSource(_settings.Timeout, _time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(timeout.Token, cancellationToken);
        try
        {
            return await FollowAsync(content, either.Token);
        }
        catch (OperationCanceledException exception) when (timeout.IsCancellationRequested && !cancellationToken.IsCancellationRequested)
        {
            throw new MediaFetchException($"it did not arrive within {_settings.Timeout.TotalSeconds:0.###} seconds", exception);
        }
        catch (HttpRequestException exception)
        {
            // A refusal comes out of the connecting wrapped up. What else went wrong there is not the caller's to know.
            throw exception.InnerException as MediaFetchException ?? new MediaFetchException("its host cannot be reached", exception);
        }
        catch (IOException exception)
        {
            throw new MediaFetchException("the connection to its host broke", exception);
        }
    }

    public void Dispose() => _http.Dispose();

    private async Task<DataContent> FollowAsync(UriContent content, CancellationToken cancellationToken)
    {
        var address = content.Uri;
        for (var redirects = 0; ; redirects++)
        {
            RefuseUnlessAllowed(address);
            using var request = new HttpRequestMessage(HttpMethod.Get, address);
            using var response = await _http.SendAsync(request, cancellationToken);
            if (!IsRedirect(response.StatusCode))
                return await ReadAsync(response, content.MediaType, cancellationToken);

            if (redirects == MostRedirects)
                throw new MediaFetchException($"it leads on more than {MostRedirects} times");
            if (response.Headers.Location is not { } next)
                throw new MediaFetchException("it leads on to nowhere");
            address = next.IsAbsoluteUri ? next : new Uri(address, next);
        }
    }

    private void RefuseUnlessAllowed(Uri address)
    {
        if (!address.IsAbsoluteUri || !(address.Scheme == Uri.UriSchemeHttps || (_settings.AllowHttp && address.Scheme == Uri.UriSchemeHttp)))
            throw new MediaFetchException($"only {(_settings.AllowHttp ? "http and https" : "https")} addresses are fetched");
        if (address.UserInfo.Length > 0)
            throw new MediaFetchException("addresses with a name or password in them are not fetched");
    }

    private async Task<DataContent> ReadAsync(HttpResponseMessage response, string asked, CancellationToken cancellationToken)
    {
        if (response.StatusCode != HttpStatusCode.OK)
            throw new MediaFetchException($"its host answers with the status {(int)response.StatusCode}");
        var mediaType = MediaTypeOf(response.Content.Headers.ContentType, asked);
        if (response.Content.Headers.ContentEncoding.Count > 0)
            throw new MediaFetchException("it comes compressed, though nobody asked for that");
        if (response.Content.Headers.ContentLength > _settings.MaxBytes)
            throw TooLarge();

        await using var body = await response.Content.ReadAsStreamAsync(cancellationToken);
        var buffer = ArrayPool<byte>.Shared.Rent(16 * 1024);
        try
        {
            using var data = new MemoryStream();
            int read;
            while ((read = await body.ReadAsync(buffer, cancellationToken)) > 0)
            {
                if (data.Length + read > _settings.MaxBytes)
                    throw TooLarge();
                data.Write(buffer, 0, read);
            }

            return new DataContent(data.ToArray(), mediaType);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    // A page that says "not found", or an administrator's console, is no picture, whatever its status is.
    private static string MediaTypeOf(MediaTypeHeaderValue? given, string asked)
    {
        var mediaType = given?.MediaType;
        var slash = asked.IndexOf('/', StringComparison.Ordinal);
        var isRange = asked.AsSpan(slash + 1) is "*" || asked.StartsWith("image/", StringComparison.OrdinalIgnoreCase)
            || asked.StartsWith("audio/", StringComparison.OrdinalIgnoreCase) || asked.StartsWith("video/", StringComparison.OrdinalIgnoreCase);
        var fits = mediaType is not null && (isRange
            ? mediaType.StartsWith(asked.AsSpan(0, slash + 1), StringComparison.OrdinalIgnoreCase)
            : mediaType.Equals(asked, StringComparison.OrdinalIgnoreCase));
        return fits ? mediaType! : throw new MediaFetchException($"its content type is not {(isRange ? $"{asked[..slash]}/*" : asked)}");
    }

    private MediaFetchException TooLarge() => new($"it has more than {_settings.MaxBytes} bytes");

    private static bool IsRedirect(HttpStatusCode status) =>
        status is HttpStatusCode.MovedPermanently or HttpStatusCode.Found or HttpStatusCode.SeeOther or HttpStatusCode.TemporaryRedirect or HttpStatusCode.PermanentRedirect;
}
