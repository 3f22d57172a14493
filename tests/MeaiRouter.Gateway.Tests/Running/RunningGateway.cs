using System.Net.Http.Json;
using System.Text;
using MeaiRouter.Costs;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace MeaiRouter.Gateway.Tests.Running;

/// <summary>A gateway on loopback in this process: Kestrel, the whole pipeline, and a configuration in memory.</summary>
public sealed class RunningGateway : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly HttpClient _http;
    private readonly ChangingSettings _settings;

    private RunningGateway(WebApplication app, AwaitedLedger ledger, CapturedLog log, ChangingSettings settings)
    {
        _app = app;
        _settings = settings;
        Ledger = ledger;
        Log = log;
        Address = new Uri(app.Urls.Single());

        // No drain: a caller who leaves closes the connection at once, as the official clients do.
        _http = new HttpClient(new SocketsHttpHandler { MaxResponseDrainSize = 0 }) { BaseAddress = Address, Timeout = GatewayTest.Patience };
    }

    /// <summary>Scheme, host and port.</summary>
    public Uri Address { get; }

    /// <summary>What an OpenAI client takes as its base URL.</summary>
    public Uri BaseUrl => new(Address, "/v1");

    public AwaitedLedger Ledger { get; }

    /// <summary>The pipeline behind the endpoints.</summary>
    public IChatClient Pipeline => _app.Services.GetRequiredService<IChatClient>();

    public CapturedLog Log { get; }

    /// <summary>What the gateway is made of.</summary>
    public IServiceProvider Services => _app.Services;

    public static async Task<RunningGateway> StartAsync(IReadOnlyDictionary<string, string?> settings, Action<MeaiRouterBuilder>? configure = null)
    {
        var builder = CreateBuilder(hasServerSettings: settings.Keys.Any(static key => key.StartsWith("Kestrel:", StringComparison.Ordinal)));
        var changing = new ChangingSettings(settings);
        ((IConfigurationBuilder)builder.Configuration).Add(changing);

        var ledger = new AwaitedLedger();
        var log = new CapturedLog();
        builder.Services.AddSingleton<ILedger>(ledger);
        builder.Logging.SetMinimumLevel(LogLevel.Trace).AddProvider(log);
        var router = builder.Services.AddMeaiRouterGateway(builder.Configuration);
        configure?.Invoke(router);

        var app = builder.Build();
        app.MapMeaiRouter();
        await app.StartAsync();
        return new RunningGateway(app, ledger, log, changing);
    }

    /// <summary>Changes the configuration while the gateway runs; <see langword="null"/> takes a setting away.</summary>
    public void Reconfigure(params ReadOnlySpan<(string Key, string? Value)> settings) => _settings.Change(settings);

    // As little as will do; the whole of what apps begin with where the server itself is configured.
    private static WebApplicationBuilder CreateBuilder(bool hasServerSettings)
    {
        if (hasServerSettings)
        {
            var whole = WebApplication.CreateBuilder();
            whole.Logging.ClearProviders();
            return whole;
        }

        var builder = WebApplication.CreateEmptyBuilder(new());
        builder.WebHost.UseKestrelCore().UseUrls("http://127.0.0.1:0");
        builder.Services.AddRoutingCore();
        return builder;
    }

    public Task<HttpAnswer> PostAsync(object body, string? key = GatewayTest.Key, string path = "/v1/chat/completions") =>
        SendAsync(HttpMethod.Post, path, JsonContent.Create(body), key);

    public async Task<HttpAnswer> PostWithAsync(object body, string key, params (string Name, string Value)[] headers)
    {
        using var content = JsonContent.Create(body);
        foreach (var (name, value) in headers)
            content.Headers.TryAddWithoutValidation(name, value);
        return await SendAsync(HttpMethod.Post, "/v1/chat/completions", content, key);
    }

    public Task<HttpAnswer> PostTextAsync(string body, string? key = GatewayTest.Key, string path = "/v1/chat/completions") =>
        SendAsync(HttpMethod.Post, path, new StringContent(body, Encoding.UTF8, "application/json"), key);

    public Task<HttpAnswer> GetAsync(string path, string? key = GatewayTest.Key) => SendAsync(HttpMethod.Get, path, null, key);

    public async Task<HttpAnswer> SendAsync(HttpMethod method, string path, HttpContent? content, string? key)
    {
        using var response = await OpenAsync(method, path, content, key);
        return await HttpAnswer.ReadAsync(response);
    }

    /// <summary>Sends a request and returns once the headers are there.</summary>
    public async Task<HttpResponseMessage> OpenAsync(
        HttpMethod method, string path, HttpContent? content, string? key, CancellationToken cancellationToken = default)
    {
        using var request = new HttpRequestMessage(method, path) { Content = content };
        if (key is not null)
            request.Headers.TryAddWithoutValidation("Authorization", $"Bearer {key}");
        return await _http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellationToken);
    }

    /// <summary>Stops as a host does: no new connections, and those under way may finish.</summary>
    public Task StopAsync() => _app.StopAsync();

    public async ValueTask DisposeAsync()
    {
        _http.Dispose();
        await _app.DisposeAsync();
    }
}
