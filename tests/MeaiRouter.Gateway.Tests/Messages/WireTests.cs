using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Anthropic.Exceptions;
using MeaiRouter.Attempts;
using MeaiRouter.Gateway.Tests.Running;
using MeaiRouter.Testing;

namespace MeaiRouter.Gateway.Tests.Messages;

/// <summary>The bytes of the Messages API: events, errors, keys and paths.</summary>
public sealed class WireTests : MessagesTest
{
    private const string Path = "/v1/messages";

    private static readonly object Question = new { model = Model, max_tokens = 10, messages = new[] { new { role = "user", content = "Hi" } } };
    private static readonly object StreamedQuestion = new { model = Model, max_tokens = 10, stream = true, messages = new[] { new { role = "user", content = "Hi" } } };

    [Fact]
    public async Task A_stream_has_all_events_in_their_order_each_under_its_name()
    {
        FirstScript.Always(Reply.Reasoning("Hm.").WithToolCall("f", new { a = 1 }, "call_a").WithUsage(10, 5));

        var answer = await Gateway.PostAsync(StreamedQuestion, path: Path);

        Assert.Equal((200, "text/event-stream"), (answer.Status, answer.ContentType));
        Assert.Equal(answer.Headers["request-id"], answer.Headers["X-Generation-Id"]);
        Assert.Equal(
            ["message_start", "ping", "content_block_start", "content_block_delta", "content_block_stop", "content_block_start", "content_block_delta", "content_block_stop", "message_delta", "message_stop"],
            answer.Chunks.Select(chunk => (string)chunk["type"]!));
        Assert.Equal(answer.Chunks.Select(chunk => "event: " + (string)chunk["type"]!), answer.Body.Split('\n').Where(line => line.StartsWith("event:", StringComparison.Ordinal)));
        HttpAnswer.AssertJson(
            $$"""
            { "type": "message_start", "message": { "id": "{{answer.Headers["request-id"]}}", "type": "message", "role": "assistant", "model": "acme/small", "provider": "first", "content": [],
              "stop_reason": null, "stop_sequence": null, "usage": { "input_tokens": 0, "cache_creation_input_tokens": 0, "cache_read_input_tokens": 0, "output_tokens": 0,
              "cache_creation": { "ephemeral_5m_input_tokens": 0, "ephemeral_1h_input_tokens": 0 } } } }
            """,
            answer.Chunks[0]);
        HttpAnswer.AssertJson("""{ "type": "content_block_start", "index": 0, "content_block": { "type": "thinking", "thinking": "", "signature": "" } }""", answer.Chunks[2]);
        HttpAnswer.AssertJson("""{ "type": "content_block_delta", "index": 0, "delta": { "type": "thinking_delta", "thinking": "Hm." } }""", answer.Chunks[3]);
        HttpAnswer.AssertJson(
            """{ "type": "content_block_start", "index": 1, "content_block": { "type": "tool_use", "id": "call_a", "name": "f", "input": {}, "caller": { "type": "direct" } } }""", answer.Chunks[5]);
        HttpAnswer.AssertJson("""{ "type": "content_block_delta", "index": 1, "delta": { "type": "input_json_delta", "partial_json": "{\"a\":1}" } }""", answer.Chunks[6]);
        HttpAnswer.AssertJson("""{ "stop_reason": "tool_use", "stop_sequence": null }""", answer.Chunks[8]["delta"]!);
        HttpAnswer.AssertJson("""{ "type": "message_stop" }""", answer.Chunks[9]);
    }

    [Theory]
    [InlineData("401", false, 502, "api_error", "provider_unavailable")]
    [InlineData("429", false, 429, "rate_limit_error", "rate_limit_exceeded")]
    [InlineData("429", true, 429, "rate_limit_error", "rate_limit_exceeded")]
    [InlineData("529", false, 529, "overloaded_error", "provider_overloaded")]
    [InlineData("529", true, 529, "overloaded_error", "provider_overloaded")]
    [InlineData("503", false, 503, "api_error", "provider_unavailable")]
    [InlineData("504", false, 504, "timeout_error", "timeout")]
    [InlineData("413", false, 413, "request_too_large", "payload_too_large")]
    [InlineData("404", false, 404, "not_found_error", "not_found")]
    [InlineData("400", false, 400, "invalid_request_error", "invalid_request")]
    public async Task A_failure_before_the_answer_is_in_Anthropics_envelope_with_its_status_and_type(string fault, bool streaming, int status, string type, string errorType)
    {
        ScriptStep step = fault == "429" ? Fault.RateLimited(TimeSpan.FromSeconds(30)) : fault == "401" ? Fault.Unauthorized() : Fault.Status(int.Parse(fault, System.Globalization.CultureInfo.InvariantCulture));
        FirstScript.Always(step);
        SecondScript.Always(step);

        var answer = await Gateway.PostAsync(streaming ? StreamedQuestion : Question, path: Path);

        Assert.Equal(
            (status, "error", type, errorType, answer.Headers["request-id"]),
            (answer.Status, (string?)answer.Json["type"], (string?)answer.Error["type"], (string?)answer.Error["error_type"], (string?)answer.Json["request_id"]));
        Assert.NotEmpty((string)answer.Error["message"]!);
        Assert.Equal(fault == "429" ? "30" : null, answer.Headers.GetValueOrDefault("Retry-After"));
        Assert.Equal(answer.Headers["X-Generation-Id"], answer.Headers["request-id"]);
    }

    [Theory]
    [InlineData("[1]", "The request's body is an array: it must be a JSON object.")]
    [InlineData("{", "The request's body is not valid JSON: *")]
    [InlineData("""{ "messages": [] }""", "`messages` is empty: it must be an array of messages such as {\"role\":\"user\",\"content\":\"Hello\"}.")]
    [InlineData("""{ "messages": [ { "role": "user", "content": "?" } ] }""", "`max_tokens` is missing: it must be a whole number of at least 1.")]
    [InlineData("""{ "max_tokens": "many" }""", "`max_tokens` is a string: it must be a whole number of at least 1.")]
    [InlineData("""{ "max_tokens": 0, "messages": [ { "role": "user", "content": "?" } ] }""", "`max_tokens` is 0: it must be a whole number of at least 1.")]
    [InlineData("""{ "messages": [ { "role": "user", "content": 5 } ] }""", "`messages[0].content` is 5: it must be a string or an array of blocks.")]
    [InlineData("""{ "messages": [ { "role": "user", "content": [ { "type": "text", "text": {} } ] } ] }""", "`messages[0].content[0].text` is an object: it must be a string.")]
    [InlineData("""{ "max_tokens": 9, "messages": [ { "role": "tool", "content": "?" } ] }""", "`messages[0].role` is \"tool\": it must be \"user\", \"assistant\" or \"system\".")]
    [InlineData("""{ "max_tokens": 9, "messages": [ { "role": "user", "content": [ { "type": "audio" } ] } ] }""", "`messages[0].content[0].type` is \"audio\", which this gateway does not take: it must be a type that can stand here.")]
    [InlineData("""{ "max_tokens": 9, "messages": [ { "role": "user", "content": [ { "type": "image", "source": { "type": "base64", "media_type": "image/png", "data": "?" } } ] } ] }""", "`messages[0].content[0].source.data` is no base64: it must be data in base64.")]
    [InlineData("""{ "max_tokens": 9, "messages": [ { "role": "user", "content": [ { "type": "tool_result" } ] } ] }""", "`messages[0].content[0].tool_use_id` is missing: it must be a string.")]
    [InlineData("""{ "max_tokens": 9, "messages": [ { "role": "user", "content": "?" } ], "tools": [ { "type": "web_search_20250305", "name": "web_search" } ] }""", "`tools[0]` is the tool web_search_20250305 of the provider's own, which this gateway does not offer. Remove it, or declare a tool of the type custom.")]
    [InlineData("""{ "max_tokens": 9, "messages": [ { "role": "user", "content": "?" } ], "tool_choice": { "type": "perhaps" } }""", "`tool_choice` has the type \"perhaps\": it must be an object whose type is \"auto\", \"any\", \"tool\" or \"none\".")]
    [InlineData("""{ "max_tokens": 2000, "messages": [ { "role": "user", "content": "?" } ], "thinking": { "type": "enabled", "budget_tokens": 2000 } }""", "`thinking.budget_tokens` is 2000: it must be a whole number of at least 1024 and less than max_tokens.")]
    [InlineData("""{ "max_tokens": 9, "messages": [ { "role": "user", "content": "?" } ], "mcp_servers": [] }""", "`mcp_servers` is not supported by this gateway and would have no effect. Remove it.")]
    [InlineData("""{ "max_tokens": 9, "messages": [ { "role": "user", "content": "?" } ], "fallbacks": [ { "model": "a", "max_tokens": 5 } ] }""", "'fallbacks[0]' must be an object with nothing but a model, such as {\"model\":\"acme/small\"}.")]
    [InlineData("""{ "max_tokens": 9, "messages": [ { "role": "user", "content": "?" } ], "fallbacks": [], "models": ["a"] }""", "'fallbacks' and 'models' are both set. Send one of them.")]
    public async Task What_is_wrong_with_a_request_is_said_with_the_field(string body, string message)
    {
        var answer = await Gateway.PostTextAsync(body, path: Path);

        Assert.Equal((400, "invalid_request_error"), (answer.Status, (string?)answer.Error["type"]));
        Assert.Matches("^" + System.Text.RegularExpressions.Regex.Escape(message).Replace(@"\*", ".*", StringComparison.Ordinal) + "$", (string)answer.Error["message"]!);
        Assert.Empty(First.Requests);
    }

    [Fact]
    public async Task An_error_in_the_middle_of_a_stream_is_an_event_of_its_own_and_the_SDK_throws_it()
    {
        FirstScript.Always(Reply.Chunks(new string('a', 100), new string('b', 100)).ErrorAfter(1));
        SecondScript.Always(Fault.Unavailable());

        var answer = await Gateway.PostAsync(StreamedQuestion, path: Path);

        Assert.Equal("error", (string?)answer.Chunks[^1]["type"]);
        Assert.Equal("api_error", (string?)answer.Chunks[^1]["error"]!["type"]);
        Assert.Equal(answer.Headers["request-id"], (string?)answer.Chunks[^1]["request_id"]);
        Assert.DoesNotContain("message_stop", answer.Chunks.Select(chunk => (string?)chunk["type"]));
        await Assert.ThrowsAsync<AnthropicSseException>(() => AskAsync(streaming: true, """{ "messages": [ { "role": "user", "content": "?" } ] }"""));
    }

    [Fact]
    public async Task Either_header_presents_the_key_on_either_path_and_a_wrong_one_is_refused_in_Anthropics_words()
    {
        FirstScript.Always(Reply.Text("Hello."));
        using var http = new HttpClient { BaseAddress = Gateway.Address };
        foreach (var path in (string[])["/v1/messages", "/api/v1/messages"])
        {
            using var request = new HttpRequestMessage(HttpMethod.Post, path) { Content = JsonContent.Create(Question) };
            request.Headers.Add("x-api-key", Key);
            request.Headers.Add("anthropic-version", "2023-06-01");
            request.Headers.Add("anthropic-beta", "some-beta");
            using var response = await http.SendAsync(request);
            Assert.Equal(200, (int)response.StatusCode);
            Assert.Equal(200, (await Gateway.PostAsync(Question, path: path)).Status);
        }

        var refused = await Gateway.PostAsync(Question, key: "sk-wrong", path: Path);
        HttpAnswer.AssertJson(
            """{ "type": "error", "error": { "type": "authentication_error", "message": "The key is not known here.", "error_type": "authentication", "metadata": { "error_type": "authentication" } }, "request_id": null }""",
            refused.Json);
        using var client = ClientOf(Gateway, "sk-wrong");
        await Assert.ThrowsAsync<AnthropicUnauthorizedException>(() => client.Messages.Create(Request("""{ "messages": [ { "role": "user", "content": "?" } ] }""")));
        var counted = await Gateway.PostAsync(Question, key: null, path: "/v1/messages/count_tokens");
        Assert.Equal((401, "authentication_error"), (counted.Status, (string?)counted.Error["type"]));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_caller_who_leaves_closes_the_providers_connection(bool streaming)
    {
        FirstScript.Always(streaming ? Reply.Chunks("one ", "two ", "three").StallAfter(2) : Fault.Silence());
        using var client = ClientOf(Gateway);
        using var cancellation = new CancellationTokenSource();
        var request = Request("""{ "messages": [ { "role": "user", "content": "?" } ] }""");

        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () =>
        {
            if (!streaming)
            {
                var whole = client.Messages.Create(request, cancellation.Token);
                await First.WaitForRequestsAsync(1).WaitAsync(Patience);
                await cancellation.CancelAsync();
                await whole;
            }

            await foreach (var _ in client.Messages.CreateStreaming(request, cancellation.Token))
                await cancellation.CancelAsync();
        });

        await First.Requests.Single().ClientAborted.WaitAsync(Patience);
        Assert.Equal(AttemptOutcome.Cancelled, (await Gateway.Ledger.SingleAsync()).Attempts.Single().Outcome);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task The_route_is_told_to_whoever_asks(bool streaming)
    {
        FirstScript.Always(Reply.Text("Hello."));
        using var http = new HttpClient { BaseAddress = Gateway.Address };
        using var request = new HttpRequestMessage(HttpMethod.Post, Path) { Content = JsonContent.Create(streaming ? StreamedQuestion : Question) };
        request.Headers.Add("x-api-key", Key);
        request.Headers.Add("X-OpenRouter-Metadata", "enabled");

        using var response = await http.SendAsync(request);
        var answer = await HttpAnswer.ReadAsync(response);

        var metadata = (streaming ? answer.Chunks[^1] : answer.Json)["openrouter_metadata"]!;
        Assert.Equal(("acme/small", 1), ((string?)metadata["requested"], (int)metadata["attempt"]!));
    }

    [Theory]
    [InlineData(false, "length", "max_tokens")]
    [InlineData(true, "length", "max_tokens")]
    [InlineData(false, "content_filter", "refusal")]
    [InlineData(true, "stop", "end_turn")]
    public async Task Finish_reasons_become_stop_reasons(bool streaming, string reason, string expected)
    {
        FirstScript.Always(Reply.Text("Hello.").WithFinishReason(reason));

        var message = await AskAsync(streaming, """{ "messages": [ { "role": "user", "content": "?" } ] }""");

        Assert.Equal((expected, null), ((string?)message["stop_reason"], (string?)message["stop_sequence"]));
    }
}
