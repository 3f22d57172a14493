using System.Text.Json;
using Microsoft.AspNetCore.Http;

namespace MeaiRouter.Testing;

/// <summary>Stands on loopback before a real provider, passes everything on in both directions, and records what it answers.</summary>
/// <remarks>
/// <para>Give <see cref="BaseUrl"/> to a client in place of the provider's address; its key goes on to the provider. Recorded are the answers to
/// <c>POST /chat/completions</c> and <c>/embeddings</c>, with the bytes as they came, their timing, and how the connection ended; other paths are passed on and not
/// recorded, nor are exchanges that the client broke off.</para>
/// <para>Of requests only path, model and mode are kept: no prompt, no header. Out of the answers are taken the keys of the request and whatever looks like a key or
/// an account. Look at a tape before it is shared all the same: models repeat what they are told.</para>
/// </remarks>
public sealed class ProviderRecorder : IAsyncDisposable
{
    // Those that belong to one connection, and those by which the answer would be compressed.
    private static readonly string[] NotPassedOn =
        ["Host", "Connection", "Keep-Alive", "Proxy-Connection", "Transfer-Encoding", "Upgrade", "TE", "Trailer", "Content-Length", "Accept-Encoding", "Expect"];

    private readonly Lock _lock = new();
    private readonly List<RecordedExchange?> _exchanges = [];
    private readonly HttpMessageInvoker _http;
    private readonly Uri _upstream;
    private readonly TimeProvider _time;
    private LoopbackServer? _server;

    private ProviderRecorder(Uri upstream, TimeProvider time)
    {
        _upstream = upstream;
        _time = time;
        _http = new HttpMessageInvoker(new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = false, ActivityHeadersPropagator = null });
    }

    /// <summary>The address that clients take as their base in place of the provider's.</summary>
    public Uri BaseUrl { get; private set; } = null!;

    /// <summary>What was recorded so far; exchanges that still go on are not in it.</summary>
    public Tape Tape
    {
        get
        {
            lock (_lock)
                return new Tape { Exchanges = [.. _exchanges.OfType<RecordedExchange>()] };
        }
    }

    /// <summary>Starts recording.</summary>
    /// <param name="upstream">The provider's base address, such as <c>https://api.openai.com/v1</c>.</param>
    /// <param name="port">The port to listen on; by default any free one.</param>
    /// <param name="timeProvider">The clock that measures the pace; by default the system's.</param>
    /// <param name="cancellationToken">Gives up starting.</param>
    /// <exception cref="ArgumentException">The address is not absolute, or not of HTTP.</exception>
    /// <exception cref="IOException">The port is in use.</exception>
    public static async Task<ProviderRecorder> StartAsync(
        Uri upstream, int port = 0, TimeProvider? timeProvider = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(upstream);
        if (!upstream.IsAbsoluteUri || upstream.Scheme is not ("http" or "https"))
            throw new ArgumentException($"'{upstream}' is no address of HTTP; give the provider's base, such as https://api.openai.com/v1.", nameof(upstream));

        var recorder = new ProviderRecorder(upstream, timeProvider ?? TimeProvider.System);
        recorder._server = await LoopbackServer.StartAsync(port, recorder.HandleAsync, cancellationToken);
        recorder.BaseUrl = new Uri(recorder._server.Address, "v1");
        return recorder;
    }

    /// <summary>Stops at once. The tape stays.</summary>
    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _server, null) is not { } server)
            return;

        await server.DisposeAsync();
        _http.Dispose();
    }

    private async Task HandleAsync(HttpContext context)
    {
        var path = context.Request.Path.Value!["/v1".Length..];
        using var body = new MemoryStream();
        await context.Request.Body.CopyToAsync(body, context.RequestAborted);

        var recording = Begin(context.Request, path, body.ToArray());
        var place = Reserve(recording);
        using var request = ToUpstream(context.Request, path, body.ToArray());
        try
        {
            using var response = await _http.SendAsync(request, context.RequestAborted);
            recording?.Begin(response);
            await RelayAsync(response, context, recording);
            Fill(place, recording?.End(RecordedEnd.Complete));
        }
        catch (Exception broken) when (broken is HttpRequestException or IOException && !context.RequestAborted.IsCancellationRequested)
        {
            Fill(place, recording?.End(RecordedEnd.Broken));
            context.Abort();
        }
        catch (OperationCanceledException)
        {
            context.Abort();
        }
    }

    private ExchangeRecording? Begin(HttpRequest request, string path, byte[] body)
    {
        if (request.Method != HttpMethods.Post || path is not ("/chat/completions" or "/embeddings"))
            return null;

        try
        {
            using var json = JsonDocument.Parse(body);
            if (json.RootElement is not { ValueKind: JsonValueKind.Object } root || !root.TryGetProperty("model", out var model) || model.GetString() is not { } name)
                return null;

            var isStreamed = root.TryGetProperty("stream", out var stream) && stream.ValueKind == JsonValueKind.True;
            var keys = Secrets.Of(header => request.Headers[header], request.Query.SelectMany(static value => value.Value).OfType<string>());
            return new ExchangeRecording(path, name, isStreamed, keys, _time);
        }
        catch (Exception error) when (error is JsonException or InvalidOperationException)
        {
            return null;
        }
    }

    private HttpRequestMessage ToUpstream(HttpRequest request, string path, byte[] body)
    {
        var address = new Uri(_upstream.AbsoluteUri.TrimEnd('/') + path + request.QueryString);
        var message = new HttpRequestMessage(new HttpMethod(request.Method), address);
        if (body.Length > 0)
            message.Content = new ByteArrayContent(body);

        foreach (var (name, values) in request.Headers)
            if (!NotPassedOn.Contains(name, StringComparer.OrdinalIgnoreCase) && !message.Headers.TryAddWithoutValidation(name, values.AsEnumerable()))
                message.Content?.Headers.TryAddWithoutValidation(name, values.AsEnumerable());
        return message;
    }

    private static async Task RelayAsync(HttpResponseMessage response, HttpContext context, ExchangeRecording? recording)
    {
        context.Response.StatusCode = (int)response.StatusCode;
        foreach (var (name, values) in response.Headers.Concat(response.Content.Headers))
            if (!NotPassedOn.Contains(name, StringComparer.OrdinalIgnoreCase))
                context.Response.Headers[name] = values.ToArray();
        await context.Response.Body.FlushAsync(context.RequestAborted);

        await using var answer = await response.Content.ReadAsStreamAsync(context.RequestAborted);
        var buffer = new byte[16 * 1024];
        while (await answer.ReadAsync(buffer, context.RequestAborted) is > 0 and var read)
        {
            recording?.Add(buffer.AsSpan(0, read));
            await context.Response.Body.WriteAsync(buffer.AsMemory(0, read), context.RequestAborted);
            await context.Response.Body.FlushAsync(context.RequestAborted);
        }
    }

    // Exchanges stand in the order in which they began, however they end.
    private int Reserve(ExchangeRecording? recording)
    {
        if (recording is null)
            return -1;

        lock (_lock)
        {
            _exchanges.Add(null);
            return _exchanges.Count - 1;
        }
    }

    private void Fill(int place, RecordedExchange? exchange)
    {
        if (exchange is null)
            return;

        lock (_lock)
            _exchanges[place] = exchange;
    }
}
