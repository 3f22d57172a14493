using System.Net.Sockets;
using System.Text;
using System.Text.Json.Nodes;
using MeaiRouter.Gateway.Tests.Running;
using MeaiRouter.Testing;

namespace MeaiRouter.Gateway.Tests.ChatCompletions;

/// <summary>What callers send: what is passed on, what is refused, and in which words.</summary>
public sealed class RequestTests : GatewayTest
{
    private const string OneMessage = """[{"role":"user","content":"Hello"}]""";

    [Theory]
    [InlineData("", "The request's body is not valid JSON")]
    [InlineData("   ", "The request's body is not valid JSON")]
    [InlineData("Hello", "The request's body is not valid JSON")]
    [InlineData("""{"model":"acme/small","messages":""", "The request's body is not valid JSON")]
    [InlineData("null", "The request's body is null: it must be a JSON object.")]
    [InlineData("[]", "The request's body is an array: it must be a JSON object.")]
    [InlineData("\"Hello\"", "The request's body is a string: it must be a JSON object.")]
    [InlineData("{}", "`messages` is missing: it must be an array of messages")]
    [InlineData("""{"model":"acme/small","messages":[]}""", "`messages` is empty: it must be an array of messages")]
    [InlineData("""{"model":"acme/small","messages":null}""", "`messages` is missing: it must be an array of messages")]
    [InlineData("""{"model":"acme/small","messages":"Hello"}""", "`messages` is a string: it must be an array of messages")]
    [InlineData("""{"model":"acme/small","messages":[null]}""", "`messages[0]` is null: it must be an item of an array of messages")]
    [InlineData("""{"model":"acme/small","messages":[{"content":"Hello"}]}""", "`messages[0].role` is missing: it must be \"system\"")]
    [InlineData("""{"model":"acme/small","messages":[{"role":"user"}]}""", "`messages[0].content` is missing: it must be a string or an array of content parts")]
    [InlineData("""{"model":"acme/small","messages":[{"role":"user","content":7}]}""", "`messages[0].content` is 7: it must be")]
    [InlineData("""{"model":7,"messages":[]}""", "`model` is 7: it must be a string such as")]
    [InlineData("""{"temperature":"hot","messages":[]}""", "`temperature` is a string: it must be a number.")]
    [InlineData("""{"max_tokens":1.5,"messages":[]}""", "`max_tokens` is 1.5: it must be a whole number of at least 1.")]
    [InlineData("""{"temperature":1e400,"messages":[{"role":"user","content":"Hello"}]}""", "`temperature` is out of range: it must be a number.")]
    [InlineData("""{"stream":"yes","messages":[]}""", "`stream` is a string: it must be true or false.")]
    [InlineData("""{"stream_options":true,"messages":[]}""", "`stream_options` is a truth value: it must be an object such as")]
    [InlineData("""{"tools":{},"messages":[]}""", "`tools` is an object: it must be an array of tools such as")]
    [InlineData("""{"model":"acme/small","messages":[{"role":"wizard","content":"Hi"}]}""", "`messages[0].role` is \"wizard\": it must be \"system\", \"developer\", \"user\", \"assistant\" or \"tool\".")]
    [InlineData("""{"models":"acme/small","messages":[]}""", "`models` is a string: it must be an array of model names.")]
    public async Task A_body_that_cannot_be_read_is_400_and_the_field_is_named(string body, string says)
    {
        var answer = await Gateway.PostTextAsync(body);

        AssertRefused(answer, says);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task More_than_one_answer_is_refused(bool streaming)
    {
        AssertRefused(await Gateway.PostAsync(Hello(streaming, ("n", 2))), "`n` must be 1: ask several times for several answers.");

        FirstScript.Answers("Hello");
        Assert.Equal("Hello", (await Gateway.PostAsync(Hello(streaming, ("n", 1)))).Text);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_request_without_a_model_is_refused_where_there_is_no_default(bool streaming)
    {
        AssertRefused(await Gateway.PostAsync(Hello(streaming, ("model", null))), "The request names no model, and there is no default.");
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_request_without_a_model_is_served_by_the_default_one(bool streaming)
    {
        FirstScript.Answers("Hello");
        await using var gateway = await StartGatewayAsync(("MeaiRouter:Routing:DefaultModel", Model));

        var answer = await gateway.PostAsync(Hello(streaming, ("model", null)));

        Assert.Equal(("Hello", Model), (answer.Text, (await gateway.Ledger.SingleAsync()).RequestedModel));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Fields_the_gateway_does_not_know_reach_the_provider_as_they_are(bool streaming)
    {
        FirstScript.Answers("Hello");

        await Gateway.PostTextAsync(
            $$"""
            { "model": "acme/small", "messages": {{OneMessage}}, "stream": {{(streaming ? "true" : "false")}},
              "logit_bias": { "50256": -100 }, "user": "u-1", "metadata": { "team": "a" }, "min_p": 0.05, "repetition_penalty": 1.10,
              "service_tier": "flex", "verbosity": "low", "prediction": { "type": "content", "content": "Hello" }, "x_new": [1, 2.50, null, "é"] }
            """);

        var body = JsonNode.Parse(First.Requests.Single().Body.GetRawText())!.AsObject();
        foreach (var known in (ReadOnlySpan<string>)["model", "messages", "stream", "stream_options"])
            body.Remove(known);
        HttpAnswer.AssertJson(
            """
            { "logit_bias": { "50256": -100 }, "user": "u-1", "metadata": { "team": "a" }, "min_p": 0.05, "repetition_penalty": 1.10,
              "service_tier": "flex", "verbosity": "low", "prediction": { "type": "content", "content": "Hello" }, "x_new": [1, 2.50, null, "é"] }
            """,
            body);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_conversation_with_every_kind_of_message_reaches_the_provider_as_it_is(bool streaming)
    {
        const string conversation = """
            [ { "role": "system", "content": "Be brief." },
              { "role": "developer", "content": "Very brief." },
              { "role": "user", "name": "ann", "content": [ { "type": "text", "text": "What is it?" },
                { "type": "image_url", "image_url": { "url": "data:image/png;base64,iVBORw0KGgo=", "detail": "low" } },
                { "type": "input_audio", "input_audio": { "data": "UklGRg==", "format": "wav" } },
                { "type": "file", "file": { "filename": "a.pdf", "file_data": "data:application/pdf;base64,JVBERi0=" } } ] },
              { "role": "assistant", "content": null, "tool_calls": [ { "id": "call_7", "type": "function", "function": { "name": "look", "arguments": "{\"at\":\"it\"}" } } ] },
              { "role": "tool", "tool_call_id": "call_7", "content": "A cat." },
              { "role": "assistant", "content": "A cat.", "reasoning": "It has whiskers." },
              { "role": "user", "content": "Sure?" } ]
            """;
        FirstScript.Answers("Yes.");

        await Gateway.PostTextAsync($$"""{ "model": "acme/small", "messages": {{conversation}}, "stream": {{(streaming ? "true" : "false")}} }""");

        // The role that only some providers know goes out as the one that all know.
        var expected = conversation.Replace("\"developer\"", "\"system\"", StringComparison.Ordinal);
        HttpAnswer.AssertJson(expected, JsonNode.Parse(First.Requests.Single().Body.GetProperty("messages").GetRawText())!);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Tools_and_a_strict_schema_reach_the_provider_as_they_are(bool streaming)
    {
        const string tools = """
            [ { "type": "function", "function": { "name": "weather", "description": "The weather.", "strict": true,
                "parameters": { "type": "object", "properties": { "city": { "type": "string", "description": "Where." } }, "required": ["city"], "additionalProperties": false } } },
              { "type": "function", "function": { "name": "now", "parameters": { "type": "object", "properties": {} } } } ]
            """;
        const string format = """
            { "type": "json_schema", "json_schema": { "name": "place", "description": "A place.", "strict": true,
              "schema": { "type": "object", "properties": { "city": { "type": "string" }, "zip": { "type": ["string", "null"] } },
                "required": ["city", "zip"], "additionalProperties": false } } }
            """;
        FirstScript.Answers("""{"city":"Oslo","zip":null}""");

        await Gateway.PostTextAsync(
            $$"""
            { "model": "acme/small", "messages": {{OneMessage}}, "stream": {{(streaming ? "true" : "false")}}, "tools": {{tools}},
              "tool_choice": { "type": "function", "function": { "name": "weather" } }, "parallel_tool_calls": false, "response_format": {{format}} }
            """);

        var body = First.Requests.Single().Body;
        HttpAnswer.AssertJson(tools, JsonNode.Parse(body.GetProperty("tools").GetRawText())!);
        HttpAnswer.AssertJson(format, JsonNode.Parse(body.GetProperty("response_format").GetRawText())!);
        Assert.Equal("weather", body.GetProperty("tool_choice").GetProperty("function").GetProperty("name").GetString());
        Assert.False(body.GetProperty("parallel_tool_calls").GetBoolean());
    }

    [Fact]
    public async Task A_body_nested_beyond_reason_is_refused_and_the_gateway_lives_on()
    {
        var deep = new string('[', 1_000_000) + new string(']', 1_000_000);

        AssertRefused(await Gateway.PostTextAsync($$"""{"model":"acme/small","messages":{{OneMessage}},"x":{{deep}}}"""), "The request's body");
        AssertRefused(await Gateway.PostTextAsync(deep), "The request's body");

        FirstScript.Answers("Hello");
        Assert.Equal("Hello", (await Gateway.PostAsync(Hello(streaming: false))).Text);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_body_of_more_than_32_MiB_is_413_and_no_noise_in_the_log(bool chunked)
    {
        var bytes = new byte[33 * 1024 * 1024];
        Array.Fill(bytes, (byte)' ');

        var answer = await PostOnOwnConnectionAsync(bytes, chunked);

        Assert.StartsWith("HTTP/1.1 413 ", answer, StringComparison.Ordinal);
        Assert.Contains("\"code\":413", answer, StringComparison.Ordinal);
        Assert.Contains("\"error_type\":\"payload_too_large\"", answer, StringComparison.Ordinal);
        Assert.Empty(Gateway.Log.Visible);

        FirstScript.Answers("Hello");
        Assert.Equal("Hello", (await Gateway.PostAsync(Hello(streaming: false))).Text);
    }

    [Fact]
    public async Task A_body_of_a_few_images_is_passed_on()
    {
        FirstScript.Answers("Nice.");
        var image = "data:image/png;base64," + Convert.ToBase64String(new byte[9_000_000]);

        var answer = await Gateway.PostAsync(Hello(streaming: false, ("messages", new object[]
        {
            new { role = "user", content = new object[] { new { type = "image_url", image_url = new { url = image } } } },
        })));

        Assert.Equal("Nice.", answer.Text);
        Assert.Equal(image, First.Requests.Single().Body.GetProperty("messages")[0].GetProperty("content")[0].GetProperty("image_url").GetProperty("url").GetString());
    }

    private void AssertRefused(HttpAnswer answer, string says)
    {
        Assert.Equal((400, "application/json"), (answer.Status, answer.ContentType));
        Assert.StartsWith(says, (string)answer.Error["message"]!, StringComparison.Ordinal);
        HttpAnswer.AssertJson("""{ "code": 400, "metadata": { "error_type": "invalid_request" } }""", answer.Error, except: "message");
        Assert.Equal(0, First.RequestCount);
    }

    // A client that, like many, sends all it has before it looks at the answer.
    private async Task<string> PostOnOwnConnectionAsync(byte[] body, bool chunked)
    {
        using var client = new TcpClient();
        await client.ConnectAsync(Gateway.Address.Host, Gateway.Address.Port);
        var stream = client.GetStream();
        var length = chunked ? "Transfer-Encoding: chunked" : $"Content-Length: {body.Length}";
        await stream.WriteAsync(Encoding.ASCII.GetBytes(
            $"POST /v1/chat/completions HTTP/1.1\r\nHost: gateway\r\nAuthorization: Bearer {Key}\r\nContent-Type: application/json\r\n{length}\r\n\r\n"));
        var reading = ReadHeadAsync(stream);
        try
        {
            if (chunked)
                await stream.WriteAsync(Encoding.ASCII.GetBytes($"{body.Length:x}\r\n"));
            await stream.WriteAsync(body);
            if (chunked)
                await stream.WriteAsync("\r\n0\r\n\r\n"u8.ToArray());
        }
        catch (IOException)
        {
            // The gateway need not read on once it has refused.
        }

        return await reading.WaitAsync(Patience);
    }

    private static async Task<string> ReadHeadAsync(NetworkStream stream)
    {
        var text = new StringBuilder();
        var buffer = new byte[4096];
        while (!text.ToString().Contains("payload_too_large", StringComparison.Ordinal))
        {
            var read = await stream.ReadAsync(buffer);
            if (read == 0)
                break;
            text.Append(Encoding.UTF8.GetString(buffer, 0, read));
        }

        return text.ToString();
    }
}
