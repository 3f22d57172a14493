using System.Net.Http.Json;
using System.Text;
using System.Text.Json.Nodes;
using MeaiRouter.Core.Tests.Fakes;
using MeaiRouter.Gateway.Streams;
using MeaiRouter.Gateway.Tests.Running;
using MeaiRouter.Testing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace MeaiRouter.Gateway.Tests.Streams;

/// <summary>What holds for chat completions, responses and messages alike.</summary>
public sealed class EveryApiTests : GatewayTest
{
    private const string Chat = "/v1/chat/completions";
    private const string Responses = "/v1/responses";
    private const string Messages = "/v1/messages";
    private const string Comment = ": OPENROUTER PROCESSING\n\n";
    private const string Ping = "event: ping\ndata: {\"type\":\"ping\"}\n\n";

    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(10);

    private readonly ManualTimeProvider _time = new();

    [Theory]
    [InlineData(Chat, Comment, "data: [DONE]")]
    [InlineData(Responses, Comment, "event: response.completed")]
    [InlineData(Messages, Ping, "event: message_stop")]
    public async Task While_the_first_content_is_awaited_a_stream_gives_signs_of_life_and_the_answer_follows_them(string path, string sign, string end)
    {
        var release = new TaskCompletionSource();
        FirstScript.Always(Reply.Text("Hello").HoldContentUntil(release.Task));
        await using var gateway = await StartAsync();

        var opening = OpenAsync(gateway, path);
        await ElapseAsync();
        using var response = await opening.WaitAsync(Patience);
        await using var stream = await response.Content.ReadAsStreamAsync();
        Assert.Equal((200, "text/event-stream"), ((int)response.StatusCode, response.Content.Headers.ContentType!.ToString()));
        Assert.StartsWith("gen-", response.Headers.GetValues("X-Generation-Id").Single(), StringComparison.Ordinal);
        Assert.Equal(sign, await ReadAsync(stream, sign.Length));

        await ElapseAsync();
        Assert.Equal(sign, await ReadAsync(stream, sign.Length));

        release.SetResult();
        using var reader = new StreamReader(stream);
        var rest = await reader.ReadToEndAsync().WaitAsync(Patience);
        Assert.Contains("Hello", rest, StringComparison.Ordinal);
        Assert.Contains(end, rest, StringComparison.Ordinal);
        Assert.DoesNotContain(": OPENROUTER", rest, StringComparison.Ordinal);
    }

    // Gemini and xAI count reasoning in the total and not in the completion; who reads one field alone, and who adds up, must see what is charged.
    [Theory]
    [InlineData(Chat, false, """{ "prompt_tokens": 100, "completion_tokens": 200, "total_tokens": 300 }""")]
    [InlineData(Chat, true, """{ "prompt_tokens": 100, "completion_tokens": 200, "total_tokens": 300 }""")]
    [InlineData(Responses, false, """{ "input_tokens": 100, "output_tokens": 200, "total_tokens": 300 }""")]
    [InlineData(Responses, true, """{ "input_tokens": 100, "output_tokens": 200, "total_tokens": 300 }""")]
    [InlineData(Messages, false, """{ "input_tokens": 100, "output_tokens": 200 }""")]
    [InlineData(Messages, true, """{ "input_tokens": 100, "output_tokens": 200 }""")]
    public async Task Reasoning_that_a_provider_counts_apart_is_within_the_output(string path, bool streaming, string expected)
    {
        FirstScript.Enforce(StrictDialect.Gemini).Always(Reply.Text("Hello").WithUsage(prompt: 100, completion: 200, reasoning: 50));

        var answer = await Gateway.PostAsync(Body(path, streaming), path: path);

        Assert.Equal(200, answer.Status);
        var told = (streaming ? answer.Events.Where(data => data != "[DONE]").Select(data => JsonNode.Parse(data)!) : [answer.Json])
            .Select(part => part["usage"] ?? part["response"]?["usage"]).OfType<JsonObject>().Last();
        HttpAnswer.AssertJson(expected, new JsonObject(told.Where(field => field.Key.EndsWith("_tokens", StringComparison.Ordinal) && !field.Key.StartsWith("cache", StringComparison.Ordinal))
            .Select(field => KeyValuePair.Create(field.Key, field.Value?.DeepClone()))));
        var details = (told["completion_tokens_details"] ?? told["output_tokens_details"])!;
        Assert.Equal(50, (int)(details["reasoning_tokens"] ?? details["thinking_tokens"])!);
    }

    [Theory]
    [InlineData(Chat, "data: {")]
    [InlineData(Responses, "event: response.created|event: response.in_progress|event: error|event: response.failed")]
    [InlineData(Messages, "event: error")]
    public async Task A_failure_after_a_sign_of_life_is_told_in_the_stream(string path, string events)
    {
        var release = new TaskCompletionSource();
        FirstScript.Always(Reply.From(_ =>
        {
            release.Task.Wait(Patience);
            return Fault.Unavailable();
        }));
        await using var gateway = await StartAsync();

        var opening = OpenAsync(gateway, path);
        await ElapseAsync();
        using var response = await opening.WaitAsync(Patience);
        release.SetResult();
        var answer = await HttpAnswer.ReadAsync(response);

        Assert.Equal(200, answer.Status);
        var told = answer.Body.Split('\n').Where(static line => line.Length > 0).Skip(path == Messages ? 2 : 1).ToList();
        Assert.Equal(events.Split('|'), told.Where(line => path != Chat ? line.StartsWith("event: ", StringComparison.Ordinal) : true).Select(line => path == Chat ? line[..7] : line));
        Assert.DoesNotContain("[DONE]", answer.Body, StringComparison.Ordinal);
        Assert.Contains("provider_unavailable", answer.Body, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(Chat, false)]
    [InlineData(Chat, true)]
    [InlineData(Responses, false)]
    [InlineData(Responses, true)]
    [InlineData(Messages, false)]
    [InlineData(Messages, true)]
    public async Task Headers_tell_the_id_the_time_and_the_cache(string path, bool streaming)
    {
        FirstScript.Answers("Hello");
        using var content = JsonContent.Create(Body(path, streaming));
        content.Headers.TryAddWithoutValidation("X-OpenRouter-Cache", "true");

        var answer = await Gateway.SendAsync(HttpMethod.Post, path, content, Key);

        Assert.Equal(200, answer.Status);
        Assert.StartsWith("gen-", answer.Headers["X-Generation-Id"], StringComparison.Ordinal);
        Assert.Matches(@"^gateway;dur=[0-9.]+, provider;dur=[0-9.]+$", answer.Headers["Server-Timing"]);
        Assert.Equal("MISS", answer.Headers["X-OpenRouter-Cache-Status"]);
    }

    [Theory]
    [InlineData(Chat, "'messages' has 4 messages; it may have at most 3. Send fewer, or summarize the oldest.")]
    [InlineData(Responses, "'input' has 4 messages; it may have at most 3. Send fewer, or summarize the oldest.")]
    [InlineData(Messages, "'messages' has 4 messages; it may have at most 3. Send fewer, or summarize the oldest.")]
    [InlineData(Messages + "/count_tokens", "'messages' has 4 messages; it may have at most 3. Send fewer, or summarize the oldest.")]
    public async Task A_conversation_of_too_many_messages_is_refused(string path, string message)
    {
        await using var gateway = await StartGatewayAsync(("MeaiRouter:Gateway:Limits:MaxMessages", "3"));
        var body = Body(path, streaming: false);
        body[path == Responses ? "input" : "messages"] = new JsonArray(
            [.. Enumerable.Range(0, 4).Select(i => (JsonNode)new JsonObject { ["role"] = i % 2 == 0 ? "user" : "assistant", ["content"] = "Hello" })]);

        var answer = await gateway.PostAsync(body, path: path);

        Assert.Equal((413, message), (answer.Status, (string?)answer.Error["message"]));
        Assert.Equal(0, First.RequestCount);
    }

    [Theory]
    [InlineData(Chat, """{ "role": "user", "content": [ { "type": "image_url", "image_url": { "url": "data:image/png;base64,DATA" } } ] }""", "messages[0].content[0]")]
    [InlineData(Responses, """{ "role": "user", "content": [ { "type": "input_image", "image_url": "data:image/png;base64,DATA" } ] }""", "input")]
    [InlineData(Messages, """{ "role": "user", "content": [ { "type": "image", "source": { "type": "base64", "media_type": "image/png", "data": "DATA" } } ] }""", "messages")]
    [InlineData(
        Messages,
        """
        { "role": "user", "content": [ { "type": "tool_result", "tool_use_id": "t1",
          "content": [ { "type": "image", "source": { "type": "base64", "media_type": "image/png", "data": "DATA" } } ] } ] }
        """,
        "messages")]
    public async Task A_picture_that_is_too_large_is_refused(string path, string message, string place)
    {
        await using var gateway = await StartGatewayAsync(("MeaiRouter:Gateway:Limits:MaxMediaBytes", "100"));
        var body = Body(path, streaming: false);
        body[path == Responses ? "input" : "messages"] = new JsonArray(JsonNode.Parse(message.Replace("DATA", Convert.ToBase64String(new byte[150]), StringComparison.Ordinal)));

        var answer = await gateway.PostAsync(body, path: path);

        Assert.Equal(
            (413, $"'{place}' holds about 150 bytes of image/png; it may hold at most 100. Send less, or refer to it by URL."),
            (answer.Status, (string?)answer.Error["message"]));
        Assert.Equal(0, First.RequestCount);
    }

    private static JsonObject Body(string path, bool streaming)
    {
        var body = new JsonObject { ["model"] = Model };
        if (path == Responses)
            body["input"] = "Hello";
        else
            body["messages"] = new JsonArray(new JsonObject { ["role"] = "user", ["content"] = "Hello" });
        if (path == Messages)
            body["max_tokens"] = 100;
        if (streaming)
            body["stream"] = true;
        return body;
    }

    private Task<RunningGateway> StartAsync() => StartGatewayAsync(
        router => router.Services.Replace(ServiceDescriptor.Singleton(new KeepAlive(Interval, _time))), ("MeaiRouter:Fallback:FirstContent", "00:01:00"));

    private static Task<HttpResponseMessage> OpenAsync(RunningGateway gateway, string path)
    {
        var body = Body(path, streaming: true);
        body["provider"] = new JsonObject { ["only"] = new JsonArray("first") };
        return gateway.OpenAsync(HttpMethod.Post, path, JsonContent.Create(body), Key);
    }

    // One and a half intervals: after that a stream that waited through them has had its sign.
    private async Task ElapseAsync()
    {
        await _time.ArmedAsync(Interval / 2);
        for (var halves = 0; halves < 3; halves++)
            _time.Advance(Interval / 2);
    }

    private static async Task<string> ReadAsync(Stream stream, int length)
    {
        var buffer = new byte[length];
        await stream.ReadExactlyAsync(buffer).AsTask().WaitAsync(Patience);
        return Encoding.UTF8.GetString(buffer);
    }
}
