using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Samples.BringYourOwnClient;

/// <summary>Anthropic's Messages wire with one streamed answer, on a free port of loopback.</summary>
internal sealed class MessagesServer : IAsyncDisposable
{
    private static readonly (string Event, string Json)[] Events =
    [
        ("message_start", """{"type":"message_start","message":{"id":"msg_1","type":"message","role":"assistant","model":"claude-small","content":[],"stop_reason":null,"stop_sequence":null,"usage":{"input_tokens":1000,"output_tokens":1}}}"""),
        ("content_block_start", """{"type":"content_block_start","index":0,"content_block":{"type":"text","text":""}}"""),
        ("content_block_delta", """{"type":"content_block_delta","index":0,"delta":{"type":"text_delta","text":"Hei! (Anthropic)"}}"""),
        ("content_block_stop", """{"type":"content_block_stop","index":0}"""),
        ("message_delta", """{"type":"message_delta","delta":{"stop_reason":"end_turn","stop_sequence":null},"usage":{"output_tokens":5}}"""),
        ("message_stop", """{"type":"message_stop"}"""),
    ];

    private readonly WebApplication _app;

    private MessagesServer(WebApplication app) => _app = app;

    public string BaseUrl => _app.Urls.First();

    /// <summary>Whether it answers that it is overloaded.</summary>
    public bool IsDown { get; set; }

    public static async Task<MessagesServer> StartAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var server = new MessagesServer(builder.Build());
        server._app.MapPost("/v1/messages", server.AnswerAsync);
        await server._app.StartAsync();
        return server;
    }

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    private async Task AnswerAsync(HttpContext http)
    {
        if (IsDown)
        {
            http.Response.StatusCode = 529;
            http.Response.ContentType = "application/json";
            await http.Response.WriteAsync("""{"type":"error","error":{"type":"overloaded_error","message":"Overloaded"}}""");
            return;
        }

        http.Response.ContentType = "text/event-stream";
        foreach (var (name, json) in Events)
            await http.Response.WriteAsync($"event: {name}\ndata: {json}\n\n");
    }
}
