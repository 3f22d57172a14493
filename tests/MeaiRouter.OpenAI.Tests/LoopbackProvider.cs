using System.Collections.Concurrent;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace MeaiRouter.OpenAI.Tests;

/// <summary>A provider on loopback that answers as a test says and remembers what it was asked.</summary>
internal sealed class LoopbackProvider : IAsyncDisposable
{
    private readonly WebApplication _app;

    private LoopbackProvider(WebApplication app) => _app = app;

    public Uri BaseUrl => new(_app.Urls.First() + "/v1");

    public ConcurrentQueue<ReceivedRequest> Requests { get; } = new();

    public ReceivedRequest Request => Assert.Single(Requests);

    public static async Task<LoopbackProvider> StartAsync(Func<HttpContext, Task> answer)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var app = builder.Build();
        var provider = new LoopbackProvider(app);
        app.Run(async context =>
        {
            using var reader = new StreamReader(context.Request.Body);
            var body = await reader.ReadToEndAsync();
            var headers = context.Request.Headers.ToDictionary(static h => h.Key, static h => h.Value.ToString(), StringComparer.OrdinalIgnoreCase);
            provider.Requests.Enqueue(new(context.Request.Method, context.Request.Path, headers, body));
            await answer(context);
        });
        await app.StartAsync();
        return provider;
    }

    /// <summary>Answers a plain request with one body and a streamed one with the other.</summary>
    public static Task<LoopbackProvider> StartAsync(string whole, string events) =>
        StartAsync(context => IsStreamed(context) ? WriteEventsAsync(context, events) : WriteAsync(context, 200, whole));

    public static bool IsStreamed(HttpContext context) =>
        context.Request.Headers.Accept.ToString().Contains("event-stream", StringComparison.Ordinal);

    public static async Task WriteAsync(HttpContext context, int status, string body, string contentType = "application/json")
    {
        context.Response.StatusCode = status;
        context.Response.ContentType = contentType;
        await context.Response.WriteAsync(body, context.RequestAborted);
    }

    public static async Task WriteEventsAsync(HttpContext context, string events)
    {
        context.Response.ContentType = "text/event-stream";
        await context.Response.Body.WriteAsync(Encoding.UTF8.GetBytes(events), context.RequestAborted);
    }

    public OpenAICompatibleChatClient CreateClient(params string[] keys) => new(new OpenAICompatibleOptions
    {
        Provider = "acme",
        BaseUrl = BaseUrl,
        ApiKeys = keys,
        DefaultModelId = "default-model",
    });

    public async ValueTask DisposeAsync()
    {
        await _app.StopAsync(new CancellationToken(canceled: true));
        await _app.DisposeAsync();
    }

    internal sealed record ReceivedRequest(string Method, string Path, IReadOnlyDictionary<string, string> Headers, string Body);
}
