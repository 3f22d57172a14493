using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace MeaiRouter.Tests.EndToEnd;

/// <summary>Anthropic's Messages wire, as far as one streamed answer of fixed events goes.</summary>
internal sealed class MessagesServer : IAsyncDisposable
{
    private const string Start = """
        {"type":"message_start","message":{"id":"msg_1","type":"message","role":"assistant","model":"claude-x","content":[],"stop_reason":null,
         "stop_sequence":null,"usage":{"input_tokens":10,"cache_creation_input_tokens":20,"cache_read_input_tokens":30,"output_tokens":1}}}
        """;

    private readonly WebApplication _app;
    private int _requests;

    private MessagesServer(WebApplication app) => _app = app;

    public string BaseUrl => _app.Urls.First();

    public int Requests => _requests;

    public static string[] Answer(string text) =>
    [
        Start,
        """{"type":"content_block_start","index":0,"content_block":{"type":"text","text":""}}""",
        $$$"""{"type":"content_block_delta","index":0,"delta":{"type":"text_delta","text":"{{{text}}}"}}""",
        """{"type":"content_block_stop","index":0}""",
        """{"type":"message_delta","delta":{"stop_reason":"end_turn","stop_sequence":null},"usage":{"output_tokens":7}}""",
        """{"type":"message_stop"}""",
    ];

    public static string[] Overloaded { get; } = [Start, """{"type":"error","error":{"type":"overloaded_error","message":"Overloaded"}}"""];

    public static async Task<MessagesServer> StartAsync(params string[] events)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var app = builder.Build();
        var server = new MessagesServer(app);
        app.MapPost("/v1/messages", async http =>
        {
            Interlocked.Increment(ref server._requests);
            http.Response.ContentType = "text/event-stream";
            foreach (var json in events)
            {
                var name = System.Text.Json.JsonDocument.Parse(json).RootElement.GetProperty("type").GetString();
                await http.Response.WriteAsync($"event: {name}\ndata: {json.ReplaceLineEndings("")}\n\n");
                await http.Response.Body.FlushAsync();
            }
        });
        await app.StartAsync();
        return server;
    }

    public ValueTask DisposeAsync() => _app.DisposeAsync();
}
