using System.Text;
using System.Text.Json;
using MeaiRouter.OpenAI.Codec;
using MeaiRouter.OpenAI.Wire;
using Microsoft.Extensions.AI;

namespace MeaiRouter.OpenAI.Tests.Codec;

/// <summary>What a gateway's caller wrote reaches the provider to the letter.</summary>
public sealed class VerbatimRequestTests
{
    [Fact]
    public void Strict_schemas_of_the_wire_are_not_rewritten()
    {
        const string tools = """
            [{"type":"function","function":{"name":"f","parameters":{"type":"object","properties":{"a":{"type":"string","default":"x"}}},"strict":true}},
             {"type":"function","function":{"name":"g","parameters":{"type":"object","properties":{"b":{"type":"integer"}}}}}]
            """;
        const string format = """
            {"type":"json_schema","json_schema":{"name":"answer","schema":{"type":"object","properties":{"c":{"type":"string","default":"y"}}},"strict":true}}
            """;

        var sent = Through($$"""{"model":"m","messages":[{"role":"user","content":"Hello"}],"tools":{{tools}},"response_format":{{format}}}""");

        AssertSame(tools, sent.GetProperty("tools"));
        AssertSame(format, sent.GetProperty("response_format"));
    }

    [Fact]
    public void Arguments_of_earlier_calls_keep_every_space()
    {
        const string arguments = """{ "city": "Z\u00fcrich",  "days": 3 }""";
        var messages = $$$"""
            [{"role":"user","content":"Weather?"},
             {"role":"assistant","tool_calls":[{"id":"call_1","type":"function","function":{"name":"f","arguments":{{{JsonSerializer.Serialize(arguments)}}}}}]},
             {"role":"tool","tool_call_id":"call_1","content":"Rain."}]
            """;

        var sent = Through($$"""{"model":"m","messages":{{messages}}}""");

        Assert.Equal(arguments, sent.GetProperty("messages")[1].GetProperty("tool_calls")[0].GetProperty("function").GetProperty("arguments").GetString());
    }

    [Fact]
    public void Videos_are_known_as_such_and_travel_with_whatever_else_their_part_says()
    {
        const string parts = """
            [{"type":"video_url","video_url":{"url":"https://a.example/v.mp4","fps":2},"cache_control":{"type":"ephemeral"}},
             {"type":"video_url","video_url":{"url":"data:video/mp4;base64,AQID"}}, {"type":"video_url","video_url":{"url":"not a uri"}}, {"type":"video_url"}]
            """;

        var sent = Through($$"""{"model":"m","messages":[{"role":"user","content":{{parts}}}]}""");

        AssertSame(parts, sent.GetProperty("messages")[0].GetProperty("content"));
        AssertSame(
            """
            [{"type":"video_url","video_url":{"url":"https://a.example/v.mp4"}},{"type":"video_url","video_url":{"url":"data:video/mp4;base64,AQID"}}]
            """,
            JsonElement.Parse(Wire.WrittenMessages(new ChatMessage(
                ChatRole.User, [new UriContent("https://a.example/v.mp4", "video/mp4"), new DataContent(new byte[] { 1, 2, 3 }, "video/mp4")])))[0].GetProperty("content"));
    }

    private static JsonElement Through(string request)
    {
        var (messages, options) = RequestReader.Read(RequestReader.Parse(Encoding.UTF8.GetBytes(request)));
        return JsonSerializer.SerializeToElement(RequestWriter.Write(messages, options, stream: false), WireJson.Strict.ChatCompletionRequest);
    }

    private static void AssertSame(string expected, JsonElement actual)
    {
        var wanted = JsonElement.Parse(expected);
        Assert.True(JsonElement.DeepEquals(wanted, actual), $"Expected {wanted}, got {actual}");
    }
}
