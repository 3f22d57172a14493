using System.Net;
using System.Net.Sockets;
using MeaiRouter.Attempts;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.AI;

namespace MeaiRouter.OpenAI.Tests;

public sealed class OpenAICompatibleChatClientFailureTests
{
    private const string Hi = """{"id":"1","choices":[{"index":0,"delta":{"content":"Hi"}}]}""";
    private const string EventStreamHead = "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nTransfer-Encoding: chunked\r\n\r\n";

    [Theory, InlineData(false), InlineData(true)]
    public async Task A_refusal_is_a_failure_with_everything_the_provider_said(bool streaming)
    {
        await using var provider = await LoopbackProvider.StartAsync(context =>
        {
            context.Response.Headers["Retry-After"] = "7";
            context.Response.Headers["x-request-id"] = "req-1";
            return LoopbackProvider.WriteAsync(context, 429, """{"error":{"message":"Too fast, sk-secret-key-1","type":"requests","code":"rate_limit_exceeded"}}""");
        });
        using var client = provider.CreateClient("sk-secret-key-1");

        var failure = await Assert.ThrowsAsync<RouterException>(() => client.AskAsync(streaming));

        Assert.Equal(
            (FailureKind.RateLimited, 429, "acme", "rate_limit_exceeded", "req-1", TimeSpan.FromSeconds(7), "acme answered 429: Too fast, [redacted]"),
            (failure.Kind, failure.Status, failure.Provider, failure.ProviderCode, failure.RequestId, failure.RetryAfter, failure.Message));
        Assert.Single(provider.Requests);
    }

    [Theory, InlineData(false), InlineData(true)]
    public async Task A_success_with_an_error_body_is_a_failure(bool streaming)
    {
        await using var provider = await LoopbackProvider.StartAsync(static context =>
            LoopbackProvider.WriteAsync(context, 200, """{"error":{"code":502,"message":"Upstream said sk-secret-key-1"}}"""));
        using var client = provider.CreateClient("sk-secret-key-1");

        var failure = await Assert.ThrowsAsync<RouterException>(() => client.AskAsync(streaming));

        Assert.Equal(
            (FailureKind.Unavailable, 502, "acme broke off its answer with an error: Upstream said [redacted]"),
            (failure.Kind, failure.Status, failure.Message));
    }

    [Theory, InlineData(false), InlineData(true)]
    public async Task A_failure_inside_an_answer_carries_the_request_s_id_and_what_it_used(bool streaming)
    {
        const string Body = """{"choices":[{"index":0,"finish_reason":"error"}],"usage":{"prompt_tokens":20,"completion_tokens":7}}""";
        await using var provider = await LoopbackProvider.StartAsync(context =>
        {
            context.Response.Headers["x-request-id"] = "req-1";
            return streaming ? LoopbackProvider.WriteEventsAsync(context, Sse.Events(Hi, Body)) : LoopbackProvider.WriteAsync(context, 200, Body);
        });
        using var client = provider.CreateClient();
        UsageDetails? heard = null;

        var failure = await Assert.ThrowsAsync<RouterException>(async () =>
        {
            if (!streaming)
                await client.GetResponseAsync("Hello");
            await foreach (var update in client.GetStreamingResponseAsync("Hello"))
                heard = update.Contents.OfType<UsageContent>().SingleOrDefault()?.Details ?? heard;
        });

        Assert.Equal((FailureKind.ServerError, "req-1"), (failure.Kind, failure.RequestId));
        Assert.Equal((20, 7), (failure.ReportedUsage?.InputTokenCount, failure.ReportedUsage?.OutputTokenCount));
        Assert.Equal(streaming ? (20L, 7L) : ((long?)null, null), (heard?.InputTokenCount, heard?.OutputTokenCount));
    }

    [Fact]
    public async Task Usage_that_came_before_a_stream_broke_is_handed_out_before_it_throws()
    {
        // Cut in the middle of the third event: the provider repeats its usage as it grows.
        const string Chunks = """
            data: {"choices":[{"index":0,"delta":{"content":"Hi"}}],"usage":{"prompt_tokens":20,"completion_tokens":1}}

            data: {"choices":[{"index":0,"delta":{"content":" you"}}],"usage":{"prompt_tokens":20,"completion_tokens":2}}

            data: {"choices":[{"ind
            """;
        await using var provider = new RawProvider("HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nContent-Length: 10000\r\n\r\n" + Chunks);
        using var client = provider.CreateClient();
        var heard = new List<ChatResponseUpdate>();

        var failure = await Assert.ThrowsAsync<RouterException>(async () =>
        {
            await foreach (var update in client.GetStreamingResponseAsync("Hello"))
                heard.Add(update);
        });

        Assert.Equal(FailureKind.Truncated, failure.Kind);
        Assert.Equal("Hi you", string.Concat(heard.Select(static update => update.Text)));
        Assert.Equal((20, 2), heard.SelectMany(static update => update.Contents).OfType<UsageContent>().Select(static usage => (usage.Details.InputTokenCount, usage.Details.OutputTokenCount)).Single());
    }

    [Theory]
    [InlineData("""data: {"error":{"code":429,"message":"Slow down","metadata":{"error_type":"rate_limit_exceeded"}},"choices":[{"delta":{"content":""},"finish_reason":"error"}]}""", FailureKind.RateLimited)]
    [InlineData("""data: {"error":{"code":"server_error","message":"Oops"},"choices":[]}""", FailureKind.ServerError)]
    [InlineData("""data: {"choices":[{"index":0,"delta":{},"finish_reason":"error"}]}""", FailureKind.ServerError)]
    [InlineData("""event: error""" + "\n" + """data: {"type":"overloaded_error","message":"Busy"}""", FailureKind.Overloaded)]
    [InlineData("""event: error""" + "\n" + """data: {"error":{"type":"overloaded_error","message":"Busy"}}""", FailureKind.Overloaded)]
    [InlineData("data: {\"choices\":[{\"del", FailureKind.MalformedAnswer)]
    [InlineData("data: <html>", FailureKind.MalformedAnswer)]
    [InlineData("data: null", FailureKind.MalformedAnswer)]
    public async Task What_came_before_an_error_in_the_stream_is_handed_out_and_then_it_throws(string errorEvent, FailureKind kind)
    {
        await using var provider = await LoopbackProvider.StartAsync("", Sse.Events(Hi) + errorEvent + "\n\n" + Sse.Events(Hi, Sse.Done));
        using var client = provider.CreateClient();
        var texts = new List<string>();

        var failure = await Assert.ThrowsAsync<RouterException>(async () =>
        {
            await foreach (var update in client.GetStreamingResponseAsync("Hello"))
                texts.Add(update.Text);
        });

        Assert.Equal((kind, "acme"), (failure.Kind, failure.Provider));
        Assert.Equal(["Hi"], texts);
    }

    [Theory]
    [InlineData("{\"choices\":", FailureKind.MalformedAnswer)]
    [InlineData("", FailureKind.MalformedAnswer)]
    [InlineData("[]", FailureKind.MalformedAnswer)]
    public async Task A_whole_answer_that_cannot_be_read_is_malformed(string body, FailureKind kind)
    {
        await using var provider = await LoopbackProvider.StartAsync(body, "");
        using var client = provider.CreateClient();

        var failure = await Assert.ThrowsAsync<RouterException>(() => client.AskAsync(streaming: false));

        Assert.Equal((kind, "acme", "acme sent an answer that cannot be read as JSON."), (failure.Kind, failure.Provider, failure.Message));
    }

    [Theory, InlineData(false), InlineData(true)]
    public async Task A_page_for_people_is_malformed_with_a_hint(bool streaming)
    {
        await using var provider = await LoopbackProvider.StartAsync(static context =>
            LoopbackProvider.WriteAsync(context, 200, "<html>Sign in</html>", "text/html; charset=utf-8"));
        using var client = provider.CreateClient();

        var failure = await Assert.ThrowsAsync<RouterException>(() => client.AskAsync(streaming));

        Assert.Equal(
            (FailureKind.MalformedAnswer, "acme answered with an HTML page: check its base address and what stands between."), (failure.Kind, failure.Message));
    }

    [Theory, InlineData(false), InlineData(true)]
    public async Task A_redirect_is_not_followed(bool streaming)
    {
        await using var provider = await LoopbackProvider.StartAsync(static context =>
        {
            context.Response.Redirect("https://elsewhere.example/");
            return Task.CompletedTask;
        });
        using var client = provider.CreateClient("sk-secret-key-1");

        var failure = await Assert.ThrowsAsync<RouterException>(() => client.AskAsync(streaming));

        Assert.Equal((FailureKind.Unknown, 302), (failure.Kind, failure.Status));
        Assert.Single(provider.Requests);
    }

    [Theory, InlineData(false), InlineData(true)]
    public async Task Nobody_listening_is_a_failed_connection(bool streaming)
    {
        using var client = new OpenAICompatibleChatClient(new() { Provider = "acme", BaseUrl = new($"http://127.0.0.1:{FreePort()}/v1") });

        var failure = await Assert.ThrowsAsync<RouterException>(() => client.AskAsync(streaming));

        Assert.Equal((FailureKind.ConnectionFailed, "No answer from acme: the connection failed."), (failure.Kind, failure.Message));
        Assert.IsType<HttpRequestException>(failure.InnerException);
    }

    [Theory]
    [InlineData(false, false)]
    [InlineData(false, true)]
    [InlineData(true, false)]
    [InlineData(true, true)]
    public async Task A_connection_that_breaks_before_the_status_has_failed(bool streaming, bool reset)
    {
        await using var provider = new RawProvider("", reset);
        using var client = provider.CreateClient();

        var failure = await Assert.ThrowsAsync<RouterException>(() => client.AskAsync(streaming));

        Assert.Equal((FailureKind.ConnectionFailed, "acme"), (failure.Kind, failure.Provider));
    }

    [Theory]
    [InlineData(false, "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 500\r\n\r\n{\"id\":")]
    [InlineData(true, EventStreamHead + "40\r\ndata: {\"id\":\"1\",")]
    [InlineData(true, EventStreamHead + "6\r\ndata: \r\n")]
    public async Task A_connection_that_breaks_in_the_middle_of_the_answer_has_cut_it(bool streaming, string answer)
    {
        await using var provider = new RawProvider(answer);
        using var client = provider.CreateClient();

        var failure = await Assert.ThrowsAsync<RouterException>(() => client.AskAsync(streaming));

        Assert.Equal((FailureKind.Truncated, "The connection to acme broke in the middle of its answer."), (failure.Kind, failure.Message));
    }

    [Fact]
    public async Task A_refusal_whose_body_breaks_still_has_its_status()
    {
        await using var provider = new RawProvider("HTTP/1.1 503 Busy\r\nContent-Length: 500\r\nRetry-After: 3\r\n\r\n{\"error\"");
        using var client = provider.CreateClient();

        var failure = await Assert.ThrowsAsync<RouterException>(() => client.AskAsync(streaming: false));

        Assert.Equal((FailureKind.Unavailable, 503, TimeSpan.FromSeconds(3)), (failure.Kind, failure.Status, failure.RetryAfter));
    }

    [Fact]
    public async Task Something_that_is_not_http_is_malformed()
    {
        await using var provider = new RawProvider("220 mail.example ESMTP\r\n");
        using var client = provider.CreateClient();

        var failure = await Assert.ThrowsAsync<RouterException>(() => client.AskAsync(streaming: false));

        Assert.Equal((FailureKind.MalformedAnswer, "acme answered with something that is not HTTP."), (failure.Kind, failure.Message));
    }

    [Theory, InlineData(false), InlineData(true)]
    public async Task An_answer_beyond_the_limit_is_malformed(bool streaming)
    {
        var text = new string('x', 5_000);
        await using var provider = await LoopbackProvider.StartAsync(
            $$$"""{"choices":[{"message":{"content":"{{{text}}}"}}]}""", Sse.Stream($$$"""{"choices":[{"delta":{"content":"{{{text}}}"}}]}"""));
        using var client = new OpenAICompatibleChatClient(new() { Provider = "acme", BaseUrl = provider.BaseUrl, MaxResponseBytes = 4_000 });

        var failure = await Assert.ThrowsAsync<RouterException>(() => client.AskAsync(streaming));

        Assert.Equal(FailureKind.MalformedAnswer, failure.Kind);
        Assert.Contains("of more than 4000 bytes", failure.Message, StringComparison.Ordinal);
    }

    [Theory, InlineData(false), InlineData(true)]
    public async Task A_timeout_that_is_not_the_caller_s_is_a_failure(bool streaming)
    {
        await using var provider = await LoopbackProvider.StartAsync(static context => Task.Delay(Timeout.Infinite, context.RequestAborted));
        using var http = new HttpClient { Timeout = TimeSpan.FromMilliseconds(200) };
        using var client = new OpenAICompatibleChatClient(new() { Provider = "acme", BaseUrl = provider.BaseUrl }, http);

        var failure = await Assert.ThrowsAsync<RouterException>(() => client.AskAsync(streaming));

        Assert.Equal((FailureKind.Timeout, "The HTTP client gave up waiting for acme."), (failure.Kind, failure.Message));
    }

    [Theory, InlineData(false), InlineData(true)]
    public async Task A_connection_that_takes_too_long_to_make_has_failed(bool streaming)
    {
        using var http = new HttpClient(new SocketsHttpHandler
        {
            ConnectTimeout = TimeSpan.FromMilliseconds(100),
            ConnectCallback = static async (_, cancellationToken) =>
            {
                await Task.Delay(Timeout.Infinite, cancellationToken);
                return Stream.Null;
            },
        });
        using var client = new OpenAICompatibleChatClient(new() { Provider = "acme", BaseUrl = new("http://acme.example/v1") }, http);

        var failure = await Assert.ThrowsAsync<RouterException>(() => client.AskAsync(streaming));

        Assert.Equal(
            (FailureKind.ConnectionFailed, "No answer from acme: the connection could not be made in time."), (failure.Kind, failure.Message));
    }

    [Theory, InlineData(false), InlineData(true)]
    public async Task Cancelling_before_the_answer_closes_the_connection(bool streaming)
    {
        var (arrived, aborted) = (new TaskCompletionSource(), new TaskCompletionSource());
        await using var provider = await LoopbackProvider.StartAsync(async context =>
        {
            arrived.SetResult();
            await AbortedAsync(context, aborted);
        });
        using var client = provider.CreateClient();
        using var cancellation = new CancellationTokenSource();

        var asking = client.AskAsync(streaming, cancellationToken: cancellation.Token);
        await arrived.Task.WaitAsync(TimeSpan.FromSeconds(10));
        await cancellation.CancelAsync();

        var cancelled = await Assert.ThrowsAnyAsync<OperationCanceledException>(() => asking);
        Assert.Equal(cancellation.Token, cancelled.CancellationToken);
        await aborted.Task.WaitAsync(TimeSpan.FromSeconds(10));
    }

    [Theory, InlineData(false), InlineData(true)]
    public async Task Cancelling_in_the_middle_of_the_answer_closes_the_connection(bool streaming)
    {
        var aborted = new TaskCompletionSource();
        var written = new TaskCompletionSource();
        await using var provider = await LoopbackProvider.StartAsync(async context =>
        {
            context.Response.ContentType = streaming ? "text/event-stream" : "application/json";
            await context.Response.WriteAsync(streaming ? Sse.Events(Hi) : "{\"id\":");
            await context.Response.Body.FlushAsync();
            written.SetResult();
            await AbortedAsync(context, aborted);
        });
        using var client = provider.CreateClient();
        using var cancellation = new CancellationTokenSource();

        var asking = client.AskAsync(streaming, cancellationToken: cancellation.Token);
        await written.Task.WaitAsync(TimeSpan.FromSeconds(10));
        await cancellation.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => asking);
        await aborted.Task.WaitAsync(TimeSpan.FromSeconds(10));
    }

    [Fact]
    public async Task No_longer_reading_closes_the_connection_at_once()
    {
        var aborted = new TaskCompletionSource();
        await using var provider = await LoopbackProvider.StartAsync(async context =>
        {
            context.Response.ContentType = "text/event-stream";
            await context.Response.WriteAsync(Sse.Events(Hi));
            await context.Response.Body.FlushAsync();
            await AbortedAsync(context, aborted);
        });
        using var client = provider.CreateClient();

        await foreach (var update in client.GetStreamingResponseAsync("Hello"))
        {
            Assert.Equal("Hi", update.Text);
            break;
        }

        // Far below the two seconds for which the framework reads on by default.
        await aborted.Task.WaitAsync(TimeSpan.FromSeconds(1));
    }

    private static async Task AbortedAsync(HttpContext context, TaskCompletionSource aborted)
    {
        try
        {
            await Task.Delay(Timeout.Infinite, context.RequestAborted);
        }
        catch (OperationCanceledException)
        {
            aborted.SetResult();
        }
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
