using System.Net.Sockets;
using System.Text;
using MeaiRouter.Gateway.Tests.Running;

namespace MeaiRouter.Gateway.Tests.ChatCompletions;

/// <summary>Requests that no client should send: refused as the caller's mistake or passed on, never a failure of the gateway.</summary>
public sealed class OddRequestTests : GatewayTest
{
    [Theory]
    [InlineData("""{"role":"user","content":[{"type":"image_url","image_url":{"url":"data:image/png;base64,%%%"}}]}""")]
    [InlineData("""{"role":"user","content":[{"type":"image_url","image_url":{"url":"data:"}}]}""")]
    [InlineData("""{"role":"user","content":[{"type":"image_url","image_url":{"url":"not an address"}}]}""")]
    [InlineData("""{"role":"user","content":[{"type":"image_url","image_url":{"url":""}}]}""")]
    [InlineData("""{"role":"user","content":[{"type":"image_url"}]}""")]
    [InlineData("""{"role":"user","content":[{"type":"input_audio","input_audio":{"data":"%%%","format":"wav"}}]}""")]
    [InlineData("""{"role":"user","content":[{"type":"input_audio","input_audio":{"data":"","format":""}}]}""")]
    [InlineData("""{"role":"user","content":[{"type":"file","file":{}}]}""")]
    [InlineData("""{"role":"user","content":[{"type":"file","file":{"file_data":"data:;base64,%%%"}}]}""")]
    [InlineData("""{"role":"user","content":[{"type":"video_url","video_url":{"url":"https://example.com/a.mp4"}}]}""")]
    [InlineData("""{"role":"user","content":[{"type":"text"}]}""")]
    [InlineData("""{"role":"user","content":[{"text":"Hello"}]}""")]
    [InlineData("""{"role":"user","content":[]}""")]
    [InlineData("""{"role":"user","content":""}""")]
    [InlineData("""{"role":"user","content":"\ud83d"}""")]
    [InlineData("""{"role":"user","content":"\udc00\ud83d"}""")]
    [InlineData("""{"role":"user","content":"\u0000"}""")]
    [InlineData("""{"role":"user","name":"\ud83d","content":"Hello"}""")]
    [InlineData("""{"role":"narrator","content":"Hello"}""")]
    [InlineData("""{"role":" ","content":"Hello"}""")]
    [InlineData("""{"role":"tool","content":"rain"}""")]
    [InlineData("""{"role":"tool","tool_call_id":"call_1","content":null}""")]
    [InlineData("""{"role":"assistant","tool_calls":[{"id":"call_1","type":"function","function":{"name":"f","arguments":"{oops"}}]}""")]
    [InlineData("""{"role":"assistant","tool_calls":[{"type":"function","function":{"name":"f","arguments":"null"}}]}""")]
    [InlineData("""{"role":"assistant","tool_calls":[null]}""")]
    [InlineData("""{"role":"assistant","content":null}""")]
    [InlineData("""{"role":"assistant","content":"Hi","reasoning_details":[{"type":"reasoning.encrypted","data":"x"}, 7]}""")]
    public Task An_odd_message_is_no_failure_of_the_gateway(string message) =>
        AssertHandledAsync($$"""{"model":"acme/small","messages":[{{message}}]}""");

    [Theory]
    [InlineData("\"temperature\":1e400")]
    [InlineData("\"top_p\":-1e400")]
    [InlineData("\"seed\":1e400")]
    [InlineData("\"max_tokens\":-1")]
    [InlineData("\"max_tokens\":99999999999")]
    [InlineData("\"stop\":[null]")]
    [InlineData("\"stop\":[\"\"]")]
    [InlineData("\"stop\":7")]
    [InlineData("\"n\":\"1\"")]
    [InlineData("\"n\":0")]
    [InlineData("\"n\":null")]
    [InlineData("\"tools\":[null]")]
    [InlineData("\"tools\":[{\"type\":\"function\"}]")]
    [InlineData("\"tools\":[{\"type\":\"function\",\"function\":{\"name\":\"\"}}]")]
    [InlineData("\"tools\":[{\"type\":\"function\",\"function\":{\"name\":\"f\",\"parameters\":7}}]")]
    [InlineData("\"tools\":[{\"type\":\"function\",\"function\":{\"name\":\"f\",\"parameters\":\"{}\"}}]")]
    [InlineData("\"tools\":[{\"type\":\"function\",\"function\":{\"name\":\"f\",\"strict\":true,\"parameters\":{\"type\":7,\"properties\":[]}}}]")]
    [InlineData("\"tools\":[{\"type\":\"web_search\"}]")]
    [InlineData("\"tool_choice\":\"sometimes\"")]
    [InlineData("\"tool_choice\":{\"type\":\"function\"}")]
    [InlineData("\"tool_choice\":{\"type\":\"allowed_tools\",\"allowed_tools\":{\"mode\":\"auto\"}}")]
    [InlineData("\"response_format\":{}")]
    [InlineData("\"response_format\":{\"type\":\"json_schema\"}")]
    [InlineData("\"response_format\":{\"type\":\"json_schema\",\"json_schema\":{\"name\":\"\",\"schema\":{}}}")]
    [InlineData("\"response_format\":{\"type\":\"json_schema\",\"json_schema\":{\"name\":\"x\",\"strict\":true,\"schema\":{\"properties\":7}}}")]
    [InlineData("\"response_format\":{\"type\":\"json_schema\",\"json_schema\":{\"schema\":true}}")]
    [InlineData("\"response_format\":{\"type\":\"grammar\"}")]
    [InlineData("\"reasoning\":\"high\"")]
    [InlineData("\"reasoning\":{\"effort\":7}")]
    [InlineData("\"reasoning_effort\":\"\"")]
    [InlineData("\"logit_bias\":null")]
    [InlineData("\"models\":[null]")]
    [InlineData("\"models\":[\"\"]")]
    [InlineData("\"model\":\"\\ud83d\"")]
    [InlineData("\"\\ud83d\":1")]
    [InlineData("\"\":1")]
    [InlineData("\"extra_body\":{\"messages\":[]}")]
    [InlineData("\"provider\":{\"order\":[\"\"]}")]
    [InlineData("\"provider\":{\"\\ud83d\":1}")]
    [InlineData("\"user\":\"\\ud83d\"")]
    public Task An_odd_field_is_no_failure_of_the_gateway(string field) =>
        AssertHandledAsync($$"""{"model":"acme/small","messages":[{"role":"user","content":"Hello"}],{{field}}}""");

    [Fact]
    public async Task Bytes_that_are_no_UTF8_reach_the_provider_as_replacement_characters()
    {
        FirstScript.Answers("Hello");
        using var content = new ByteArrayContent([.. "{\"model\":\"acme/small\",\"messages\":[{\"role\":\"user\",\"content\":\""u8, 0xff, 0xfe, .. "\"}]}"u8]);

        Assert.Equal("Hello", (await Gateway.SendAsync(HttpMethod.Post, "/v1/chat/completions", content, Key)).Text);
        Assert.Equal("\ufffd\ufffd", First.Requests.Single().LastUserText);
    }

    [Theory]
    [InlineData("Content-Length: 5000")]
    [InlineData("Transfer-Encoding: chunked")]
    public async Task A_caller_who_leaves_in_the_middle_of_his_request_leaves_no_trace(string length)
    {
        // Often, since it depends on what Kestrel notices first.
        for (var i = 0; i < 200; i++)
        {
            using var client = new TcpClient();
            await client.ConnectAsync(Gateway.Address.Host, Gateway.Address.Port);
            await client.GetStream().WriteAsync(Encoding.ASCII.GetBytes(
                $"POST /v1/chat/completions HTTP/1.1\r\nHost: gateway\r\nAuthorization: Bearer {Key}\r\n{length}\r\n\r\n10\r\n{{\"model\":\""));
        }

        FirstScript.Answers("Hello");
        Assert.Equal("Hello", (await Gateway.PostAsync(Hello(streaming: false))).Text);
        Assert.Equal(1, First.RequestCount);
        Assert.Empty(Gateway.Log.Visible);
    }

    private async Task AssertHandledAsync(string body)
    {
        // JSON, because some of the fields ask for it.
        FirstScript.Answers("\"Hello\"");

        var answer = await Gateway.PostTextAsync(body);

        if (answer.Status == 200)
        {
            Assert.Equal("\"Hello\"", answer.Text);
            Assert.Empty(Gateway.Log.Visible);
        }
        else
        {
            Assert.True(answer.Status is >= 400 and < 500, answer.Body);
            Assert.NotEqual("", (string)answer.Error["message"]!);
            Assert.Equal(0, First.RequestCount + Second.RequestCount);
            Assert.DoesNotContain(Gateway.Log.Visible, line => line.Contains("the gateway failed", StringComparison.Ordinal));
        }
    }
}
