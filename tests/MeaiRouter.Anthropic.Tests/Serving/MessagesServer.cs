using System.Collections.Concurrent;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace MeaiRouter.Anthropic.Tests.Serving;

/// <summary>A server that speaks Anthropic's Messages API: scripted in what it answers, and as strict as the real one in what it takes.</summary>
public sealed class MessagesServer : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly ConcurrentQueue<MessagesAnswer> _answers = new();
    private readonly TaskCompletionSource _leftAlone = new(TaskCreationOptions.RunContinuationsAsynchronously);

    private MessagesServer(WebApplication app) => _app = app;

    public Uri BaseUrl => new(_app.Urls.First());

    /// <summary>What it was asked, in order; refused requests included.</summary>
    public ConcurrentQueue<ReceivedRequest> Requests { get; } = new();

    /// <summary>Completes when a caller went away in the middle of an answer.</summary>
    public Task LeftAlone => _leftAlone.Task;

    public static async Task<MessagesServer> StartAsync(params MessagesAnswer[] answers)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var app = builder.Build();
        var server = new MessagesServer(app);
        foreach (var answer in answers)
            server._answers.Enqueue(answer);
        app.MapPost("/v1/messages", server.AnswerAsync);
        await app.StartAsync();
        return server;
    }

    public void Then(MessagesAnswer answer) => _answers.Enqueue(answer);

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    private async Task AnswerAsync(HttpContext http)
    {
        var body = (await JsonDocument.ParseAsync(http.Request.Body)).RootElement;
        Requests.Enqueue(new ReceivedRequest(body, http.Request.Headers.ToDictionary(header => header.Key, header => header.Value.ToString(), StringComparer.OrdinalIgnoreCase)));
        http.Response.Headers["request-id"] = "req_" + Requests.Count;
        if (MessagesRules.Problem(body, http.Request.Headers["anthropic-version"].ToString()) is { } problem)
        {
            await WriteAsync(http, MessagesAnswer.Refusal(400, "invalid_request_error", problem));
            return;
        }

        if (!_answers.TryDequeue(out var answer))
            answer = MessagesAnswer.Refusal(500, "api_error", "The test scripted no answer for this request.");
        foreach (var (name, value) in answer.Headers)
            http.Response.Headers[name] = value;
        if (answer.Status != 200 || !body.TryGetProperty("stream", out var stream) || !stream.GetBoolean())
            await WriteAsync(http, answer, body.GetProperty("model").GetString()!);
        else
            await StreamAsync(http, answer, body.GetProperty("model").GetString()!);
    }

    private static async Task WriteAsync(HttpContext http, MessagesAnswer answer, string model = "")
    {
        http.Response.StatusCode = answer.Status;
        http.Response.ContentType = "application/json";
        await http.Response.WriteAsync(answer.Whole(model));
    }

    private async Task StreamAsync(HttpContext http, MessagesAnswer answer, string model)
    {
        http.Response.ContentType = "text/event-stream";
        foreach (var @event in answer.Events(model).Take(answer.CutAfter ?? int.MaxValue))
        {
            await http.Response.WriteAsync(MessagesAnswer.Sse(@event));
            await http.Response.Body.FlushAsync();
        }

        if (answer.LastEvent is { } last)
            await http.Response.WriteAsync(MessagesAnswer.Sse(last));
        if (answer.StaysSilent)
        {
            await Task.Delay(Timeout.Infinite, http.RequestAborted).ContinueWith(static _ => { }, TaskScheduler.Default);
            _leftAlone.TrySetResult();
        }
    }
}

/// <summary>A request as it arrived.</summary>
public sealed record ReceivedRequest(JsonElement Body, IReadOnlyDictionary<string, string> Headers);
