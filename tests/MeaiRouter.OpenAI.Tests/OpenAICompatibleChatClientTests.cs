using System.Collections.Concurrent;
using MeaiRouter.Attempts;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.AI;

namespace MeaiRouter.OpenAI.Tests;

public sealed class OpenAICompatibleChatClientTests
{
    private const string Whole = """
        {"id":"gen-1","object":"chat.completion","created":1700000000,"model":"small-v1","system_fingerprint":"fp_1","choices":[{"index":0,
         "message":{"role":"assistant","content":"Hi there"},"finish_reason":"stop"}],
         "usage":{"prompt_tokens":5,"completion_tokens":2,"total_tokens":7}}
        """;

    private static readonly string Events = Sse.Stream(
        """{"id":"gen-1","object":"chat.completion.chunk","created":1700000000,"model":"small-v1","system_fingerprint":"fp_1","choices":[{"index":0,"delta":{"role":"assistant","content":""},"finish_reason":null}]}""",
        """{"id":"gen-1","object":"chat.completion.chunk","created":1700000000,"model":"small-v1","system_fingerprint":"fp_1","choices":[{"index":0,"delta":{"content":"Hi"},"finish_reason":null}]}""",
        """{"id":"gen-1","object":"chat.completion.chunk","created":1700000000,"model":"small-v1","system_fingerprint":"fp_1","choices":[{"index":0,"delta":{"content":" there"},"finish_reason":null}]}""",
        """{"id":"gen-1","object":"chat.completion.chunk","created":1700000000,"model":"small-v1","system_fingerprint":"fp_1","choices":[{"index":0,"delta":{},"finish_reason":"stop"}]}""",
        """{"id":"gen-1","object":"chat.completion.chunk","created":1700000000,"model":"small-v1","system_fingerprint":"fp_1","choices":[],"usage":{"prompt_tokens":5,"completion_tokens":2,"total_tokens":7}}""");

    [Theory, InlineData(false), InlineData(true)]
    public async Task A_plain_answer_arrives_whole(bool streaming)
    {
        await using var provider = await LoopbackProvider.StartAsync(Whole, Events);
        using var client = provider.CreateClient("sk-test-key");

        var response = await client.AskAsync(streaming);

        var message = Assert.Single(response.Messages);
        Assert.Equal(ChatRole.Assistant, message.Role);
        Assert.Equal("Hi there", Assert.IsType<TextContent>(Assert.Single(message.Contents)).Text);
        Assert.Equal("gen-1", response.ResponseId);
        Assert.Equal("gen-1", message.MessageId);
        Assert.Equal("small-v1", response.ModelId);
        Assert.Equal(DateTimeOffset.FromUnixTimeSeconds(1700000000), response.CreatedAt);
        Assert.Equal(ChatFinishReason.Stop, response.FinishReason);
        Assert.Equal((5, 2, 7), (response.Usage?.InputTokenCount, response.Usage?.OutputTokenCount, response.Usage?.TotalTokenCount));
        Assert.Equal("stop", response.AdditionalProperties?["native_finish_reason"]);
        Assert.Equal("fp_1", response.AdditionalProperties?["system_fingerprint"]);

        var request = provider.Request;
        Assert.Equal(("POST", "/v1/chat/completions"), (request.Method, request.Path));
        Assert.Equal("Bearer sk-test-key", request.Headers["Authorization"]);
        Assert.Equal(
            streaming
                ? """{"model":"default-model","messages":[{"role":"user","content":"Hello"}],"stream":true,"stream_options":{"include_usage":true}}"""
                : """{"model":"default-model","messages":[{"role":"user","content":"Hello"}]}""",
            request.Body);
    }

    [Theory, InlineData(false), InlineData(true)]
    public async Task Headers_of_a_request_are_sent_beside_the_configured_ones_and_never_in_the_body(bool streaming)
    {
        await using var provider = await LoopbackProvider.StartAsync(Whole, Events);
        using var client = new OpenAICompatibleChatClient(new OpenAICompatibleOptions
        {
            Provider = "acme", BaseUrl = provider.BaseUrl, ApiKeys = ["sk-test-key"], Headers = new Dictionary<string, string> { ["X-Team"] = "red" },
        });
        var headers = new Dictionary<string, string> { ["x-team"] = "blue", ["X-Trace"] = "1" };

        await client.AskAsync(streaming, options: new() { ModelId = "m", AdditionalProperties = new() { [RequestProperties.Headers] = headers } });

        Assert.Equal(("red", "1", "Bearer sk-test-key"), (provider.Request.Headers["X-Team"], provider.Request.Headers["X-Trace"], provider.Request.Headers["Authorization"]));
        Assert.DoesNotContain("blue", provider.Request.Body, StringComparison.Ordinal);
        Assert.DoesNotContain("headers", provider.Request.Body, StringComparison.Ordinal);
    }

    [Theory, InlineData("Authorization"), InlineData("x-api-key"), InlineData("Content-Type")]
    public async Task Headers_that_are_the_clients_own_are_refused_before_anything_is_sent(string name)
    {
        await using var provider = await LoopbackProvider.StartAsync(Whole, Events);
        using var client = provider.CreateClient();
        var headers = new Dictionary<string, string> { [name] = "x" };

        var refused = await Assert.ThrowsAsync<RouterException>(
            () => client.AskAsync(streaming: false, options: new() { AdditionalProperties = new() { [RequestProperties.Headers] = headers } }));

        Assert.Equal(
            (FailureKind.InvalidRequest, $"The header '{name}' is the provider's client's own. Configure it there, or remove it."), (refused.Kind, refused.Message));
        Assert.Empty(provider.Requests);
    }

    [Theory, InlineData(false), InlineData(true)]
    public async Task A_stream_that_just_ends_has_no_finish_reason_and_is_no_failure(bool done)
    {
        const string Hi = """{"id":"1","choices":[{"index":0,"delta":{"content":"Hi"}}],"usage":{"prompt_tokens":1,"completion_tokens":1}}""";
        await using var provider = await LoopbackProvider.StartAsync("", done ? Sse.Stream(Hi) : Sse.Events(Hi).TrimEnd());
        using var client = provider.CreateClient();

        var response = await client.AskAsync(streaming: true);

        Assert.Equal(("Hi", null, 2L), (response.Text, response.FinishReason, response.Usage?.TotalTokenCount));
    }

    [Fact]
    public async Task A_whole_answer_to_a_stream_and_a_stream_for_a_whole_answer_are_understood()
    {
        await using var provider = await LoopbackProvider.StartAsync(static context => LoopbackProvider.IsStreamed(context)
            ? LoopbackProvider.WriteAsync(context, 200, Whole)
            : LoopbackProvider.WriteEventsAsync(context, Events));
        using var client = provider.CreateClient();

        foreach (var streaming in new[] { true, false })
        {
            var response = await client.AskAsync(streaming);
            Assert.Equal(
                ("Hi there", ChatFinishReason.Stop, 7L, "gen-1", "small-v1", "stop"),
                (response.Text, response.FinishReason, response.Usage?.TotalTokenCount, response.ResponseId, response.ModelId,
                    response.AdditionalProperties?["native_finish_reason"]));
        }
    }

    [Fact]
    public async Task Keys_are_used_in_turn_and_headers_sent_with_every_call()
    {
        await using var provider = await LoopbackProvider.StartAsync(Whole, Events);
        using var client = new OpenAICompatibleChatClient(new()
        {
            Provider = "acme",
            BaseUrl = new Uri(provider.BaseUrl + "/?api-version=1"),
            ApiKeys = ["k1", "k2"],
            Headers = new Dictionary<string, string> { ["HTTP-Referer"] = "https://app.example", ["X-Title"] = "App" },
        });

        for (var i = 0; i < 3; i++)
            await client.AskAsync(streaming: i == 1, options: new() { ModelId = "asked" });

        Assert.Equal(["Bearer k1", "Bearer k2", "Bearer k1"], provider.Requests.Select(static r => r.Headers["Authorization"]));
        Assert.All(provider.Requests, static request =>
        {
            Assert.Equal("/v1/chat/completions", request.Path);
            Assert.Equal(("https://app.example", "App"), (request.Headers["HTTP-Referer"], request.Headers["X-Title"]));
            Assert.Contains("\"model\":\"asked\"", request.Body, StringComparison.Ordinal);
            Assert.Equal("application/json", request.Headers["Content-Type"]);
            Assert.True(request.Headers.ContainsKey("Content-Length"));
            Assert.False(request.Headers.ContainsKey("Accept-Encoding"));
        });
    }

    [Fact]
    public async Task A_header_of_the_options_replaces_the_bearer_token()
    {
        await using var provider = await LoopbackProvider.StartAsync(Whole, Events);
        using var client = new OpenAICompatibleChatClient(new()
        {
            Provider = "acme", BaseUrl = provider.BaseUrl, ApiKeys = ["k1"],
            Headers = new Dictionary<string, string> { ["Authorization"] = "Basic abc" },
        });

        await client.AskAsync(streaming: false);

        Assert.Equal("Basic abc", provider.Request.Headers["Authorization"]);
    }

    [Theory, InlineData(false), InlineData(true)]
    public async Task Calls_share_a_connection(bool streaming)
    {
        var connections = new ConcurrentBag<string>();
        await using var provider = await LoopbackProvider.StartAsync(context =>
        {
            connections.Add(context.Connection.Id);
            return streaming ? LoopbackProvider.WriteEventsAsync(context, Events) : LoopbackProvider.WriteAsync(context, 200, Whole);
        });
        using var client = provider.CreateClient();

        for (var i = 0; i < 3; i++)
            await client.AskAsync(streaming);

        Assert.Equal(3, connections.Count);
        Assert.Single(connections.Distinct());
    }

    [Fact]
    public async Task Content_arrives_while_the_answer_is_still_being_made()
    {
        var read = new TaskCompletionSource();
        await using var provider = await LoopbackProvider.StartAsync(async context =>
        {
            context.Response.ContentType = "text/event-stream";
            foreach (var chunk in Events.Split("\n\n", StringSplitOptions.RemoveEmptyEntries))
            {
                await context.Response.WriteAsync(chunk + "\n\n");
                await context.Response.Body.FlushAsync();
                if (chunk.Contains("Hi", StringComparison.Ordinal))
                    await read.Task;
            }
        });
        using var client = provider.CreateClient();
        var texts = new List<string>();

        await foreach (var update in client.GetStreamingResponseAsync("Hello"))
        {
            texts.Add(update.Text);
            if (update.Text == "Hi")
                read.SetResult();
        }

        Assert.Equal(["", "Hi", " there", "", ""], texts);
    }

    [Fact]
    public async Task Many_calls_at_once_do_not_disturb_each_other()
    {
        await using var provider = await LoopbackProvider.StartAsync(Whole, Events);
        using var client = provider.CreateClient("k1", "k2", "k3");

        var responses = await Task.WhenAll(Enumerable.Range(0, 60).Select(i => client.AskAsync(streaming: i % 2 == 0, "Prompt " + i)));

        Assert.All(responses, static response => Assert.Equal("Hi there", response.Text));
        Assert.Equal(60, provider.Requests.Select(static r => r.Body).Distinct().Count());
        Assert.Equal([20, 20, 20], provider.Requests.GroupBy(static r => r.Headers["Authorization"]).Select(static g => g.Count()));
    }

    [Fact]
    public void Metadata_names_the_provider_and_nothing_inside_is_handed_out()
    {
        using var client = new OpenAICompatibleChatClient(new()
        {
            Provider = "acme", BaseUrl = new("https://api.acme.example/v1"), ApiKeys = ["sk-secret-key-1"], DefaultModelId = "small-v1",
        });

        var metadata = client.GetService<ChatClientMetadata>();
        Assert.Equal(("acme", new Uri("https://api.acme.example/v1"), "small-v1"), (metadata?.ProviderName, metadata?.ProviderUri, metadata?.DefaultModelId));
        Assert.Same(client, client.GetService<OpenAICompatibleChatClient>());
        Assert.Same(client, client.GetService<IChatClient>());
        Assert.Null(client.GetService<HttpClient>());
        Assert.Null(client.GetService(typeof(ChatClientMetadata), serviceKey: "key"));
    }

    [Fact]
    public void A_client_that_could_call_nobody_is_not_created()
    {
        Assert.Throws<ArgumentException>(static () => new OpenAICompatibleChatClient(new() { Provider = " ", BaseUrl = new("https://a.example") }));
        Assert.Throws<ArgumentException>(static () => new OpenAICompatibleChatClient(new() { Provider = "acme", BaseUrl = new("v1", UriKind.Relative) }));
        Assert.Throws<ArgumentOutOfRangeException>(static () => new OpenAICompatibleChatClient(new() { Provider = "acme", BaseUrl = new("https://a.example"), MaxResponseBytes = 0 }));
    }

    [Fact]
    public async Task A_client_from_outside_is_not_disposed()
    {
        await using var provider = await LoopbackProvider.StartAsync(Whole, Events);
        using var http = new HttpClient();
        new OpenAICompatibleChatClient(new() { Provider = "acme", BaseUrl = provider.BaseUrl }, http).Dispose();

        using var client = new OpenAICompatibleChatClient(new() { Provider = "acme", BaseUrl = provider.BaseUrl }, http);

        Assert.Equal("Hi there", (await client.AskAsync(streaming: false)).Text);
    }
}
