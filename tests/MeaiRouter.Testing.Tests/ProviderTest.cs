using System.Net.Http.Json;
using System.Net.ServerSentEvents;

namespace MeaiRouter.Testing.Tests;

/// <summary>A provider named acme that knows the model small-v1, and a client that calls it.</summary>
public abstract class ProviderTest : IAsyncLifetime, IDisposable
{
    protected const string Model = "small-v1";

    /// <summary>How long a test waits for what must happen.</summary>
    protected static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    // By default an unread response is drained for up to two seconds before its connection is closed.
    private readonly HttpClient _http = new(new SocketsHttpHandler { MaxResponseDrainSize = 0 }) { Timeout = Patience };

    protected VirtualTime Time { get; } = new();

    protected ScriptedProvider Provider { get; private set; } = null!;

    protected ModelScript Script => Provider.ForModel(Model);

    public async Task InitializeAsync() => Provider = await ScriptedProvider.StartAsync("acme", timeProvider: Clock);

    public async Task DisposeAsync() => await Provider.DisposeAsync();

    public void Dispose()
    {
        _http.Dispose();
        GC.SuppressFinalize(this);
    }

    /// <summary>The system's clock unless a test class counts by <see cref="Time"/>.</summary>
    protected virtual TimeProvider Clock => TimeProvider.System;

    /// <summary>Sends a request and returns once the headers are there.</summary>
    protected Task<HttpResponseMessage> SendAsync(
        bool streaming, string model = Model, string? key = null, bool includeUsage = true, CancellationToken cancellationToken = default)
    {
        var request = new HttpRequestMessage(HttpMethod.Post, $"{Provider.BaseUrl}/chat/completions")
        {
            Content = JsonContent.Create(new
            {
                model,
                stream = streaming,
                stream_options = new { include_usage = includeUsage },
                messages = new[] { new { role = "system", content = "Be kind." }, new { role = "user", content = "Hi there, friend" } },
            }),
        };
        if (key is not null)
            request.Headers.Authorization = new("Bearer", key);
        return _http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellationToken);
    }

    protected Task<HttpResponseMessage> GetAsync(string path) => _http.GetAsync($"{Provider.BaseUrl}{path}");

    /// <summary>The status and the body as text.</summary>
    protected async Task<(int Status, string Body)> SendAndReadAsync(bool streaming, string model = Model, string? key = null)
    {
        using var response = await SendAsync(streaming, model, key);
        return ((int)response.StatusCode, await response.Content.ReadAsStringAsync());
    }

    /// <summary>The whole answer, whichever way it comes.</summary>
    private protected async Task<Answer> AskAsync(bool streaming)
    {
        using var response = await SendAsync(streaming);
        Assert.Equal(200, (int)response.StatusCode);
        Assert.Equal(streaming ? "text/event-stream" : "application/json", response.Content.Headers.ContentType?.ToString());
        return streaming
            ? Answer.FromEvents(await EventsAsync(response))
            : Answer.FromWhole(await response.Content.ReadAsStringAsync());
    }

    /// <summary>The data of all events of a stream.</summary>
    protected async Task<IReadOnlyList<string>> StreamAsync()
    {
        using var response = await SendAsync(streaming: true);
        return await EventsAsync(response);
    }

    private protected static async Task<List<string>> EventsAsync(HttpResponseMessage response)
    {
        var events = new List<string>();
        await foreach (var item in SseParser.Create(await response.Content.ReadAsStreamAsync()).EnumerateAsync())
            events.Add(item.Data);
        return events;
    }

    /// <summary>The whole response as text, keep-alives and all, until the connection ends or breaks.</summary>
    private protected async Task<RawResponse> SendRawAsync(bool streaming) =>
        await RawResponse.ReadAsync(Provider.BaseUrl, $$"""{"model":"{{Model}}","stream":{{(streaming ? "true" : "false")}},"messages":[]}""");
}
