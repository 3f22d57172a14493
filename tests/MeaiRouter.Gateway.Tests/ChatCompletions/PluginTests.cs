using System.Text.Json.Nodes;
using MeaiRouter.Gateway.Tests.Running;
using MeaiRouter.Testing;

namespace MeaiRouter.Gateway.Tests.ChatCompletions;

/// <summary>The plugins that the gateway has, before endpoints with a context of 2,000 tokens.</summary>
public sealed class PluginTests : GatewayTest
{
    // About 250 tokens each: 12 are more than any context here, and no more than twice as much.
    private const int Turns = 12;
    private static readonly string Turn = string.Concat(Enumerable.Repeat("0123456789", 100));

    private static readonly object Format = new
    {
        type = "json_schema",
        json_schema = new { name = "n", schema = new { type = "object", properties = new { a = new { type = "integer" } }, required = new[] { "a" } } },
    };

    protected override IReadOnlyDictionary<string, string?> Settings => new Dictionary<string, string?>
    {
        ["MeaiRouter:Models:acme/small:ContextLength"] = "2000",
        ["MeaiRouter:Models:acme/small:MaxOutputTokens"] = "500",
        ["MeaiRouter:Presets:long:Models:0"] = Model,
        ["MeaiRouter:Presets:long:Provider:CompressContext"] = "true",
    };

    [Theory]
    [InlineData("chat", "\"plugins\":[{\"id\":\"context-compression\"}]", false)]
    [InlineData("chat", "\"plugins\":[{\"id\":\"context-compression\"}]", true)]
    [InlineData("chat", "\"plugins\":[{\"id\":\"context-compression\",\"enabled\":true,\"engine\":\"middle-out\"}]", false)]
    [InlineData("chat", "\"transforms\":[\"middle-out\"]", false)]
    [InlineData("chat", "\"preset\":\"long\"", false)]
    [InlineData("messages", "\"max_tokens\":100,\"transforms\":[\"middle-out\"]", false)]
    [InlineData("responses", "\"truncation\":\"auto\"", false)]
    [InlineData("responses", "\"truncation\":\"disabled\",\"plugins\":[{\"id\":\"context-compression\"}]", false)]
    public async Task A_conversation_too_long_for_every_endpoint_works_once_it_is_compressed(string api, string fields, bool streaming)
    {
        FirstScript.Answers("Hello");

        var answer = await PostAsync(Gateway, api, fields, streaming);

        Assert.Equal(200, answer.Status);
        var sent = First.Requests.Single().Body.GetProperty("messages").GetArrayLength();
        Assert.InRange(sent, 2, Turns - 1);
        var stage = Assert.Single(MetadataOf(answer)["pipeline"]!.AsArray())!;
        Assert.StartsWith("about ", (string)stage["summary"]!, StringComparison.Ordinal);
        HttpAnswer.AssertJson(
            $$"""
            { "type": "context_compression", "name": "context-compression", "guardrail_id": null, "guardrail_scope": null, "cost_usd": null,
              "data": { "engine": "middle-out", "input_type": "messages", "original_count": {{Turns}}, "compressed_count": {{sent}} } }
            """,
            stage,
            except: "summary");
    }

    [Theory]
    [InlineData("chat", "\"plugins\":[]")]
    [InlineData("chat", "\"transforms\":[]")]
    [InlineData("chat", "\"preset\":\"long\",\"transforms\":[]")]
    [InlineData("chat", "\"plugins\":[{\"id\":\"context-compression\",\"enabled\":false}]")]
    [InlineData("messages", "\"max_tokens\":100")]
    public async Task Without_that_it_is_refused_and_nobody_is_asked(string api, string fields)
    {
        var answer = await PostAsync(Gateway, api, fields, streaming: false);

        Assert.Equal(400, answer.Status);
        Assert.Contains("exceed its context of 2000", answer.Body, StringComparison.Ordinal);
        Assert.Equal((0, 0), (First.RequestCount, Second.RequestCount));
    }

    [Theory]
    [InlineData("\"temperature\":0", true)]
    [InlineData("\"transforms\":[]", false)]
    [InlineData("\"plugins\":[{\"id\":\"context-compression\",\"enabled\":false}]", false)]
    public async Task The_operator_may_compress_by_default_and_a_caller_may_decline(string fields, bool works)
    {
        FirstScript.Answers("Hello");
        await using var gateway = await StartGatewayAsync(("MeaiRouter:Normalization:Compression", "true"));

        Assert.Equal(works ? 200 : 400, (await PostAsync(gateway, "chat", fields, streaming: false)).Status);
    }

    [Theory]
    [InlineData(false, null)]
    [InlineData(true, null)]
    [InlineData(false, true)]
    public async Task An_answer_that_is_not_quite_JSON_is_healed_and_the_metadata_says_so(bool streaming, bool? enabled)
    {
        FirstScript.Always(Reply.Text("Here it is:\n```json\n{\"a\": 1,}\n```"));
        object plugin = enabled is null ? new { id = "context-compression" } : new { id = "response-healing", enabled };

        var answer = await PostAsync(Gateway, Hello(streaming, ("response_format", Format), ("plugins", new[] { plugin })));

        HttpAnswer.AssertJson("""{ "a": 1 }""", JsonNode.Parse(answer.Text)!);
        Assert.Equal((1, 0), (First.RequestCount, Second.RequestCount));
        HttpAnswer.AssertJson(
            """
            [ { "type": "response_healing", "name": "response-healing", "guardrail_id": null, "guardrail_scope": null, "cost_usd": null, "data": {},
                "summary": "the answer was not the JSON that was asked for and was mended" } ]
            """,
            MetadataOf(answer)["pipeline"]!);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Switched_off_nothing_is_healed_and_whoever_answers_properly_serves(bool streaming)
    {
        FirstScript.Always(Reply.Text("{\"a\": 1,}"));
        SecondScript.Always(Reply.Text("{\"a\": 2}"));

        var answer = await PostAsync(Gateway, Hello(streaming, ("response_format", Format), ("plugins", new[] { new { id = "response-healing", enabled = false } })));

        Assert.Equal("{\"a\": 2}", answer.Text);
        Assert.Equal((1, 1), (First.RequestCount, Second.RequestCount));
        Assert.Empty(MetadataOf(answer)["pipeline"]!.AsArray());
    }

    [Fact]
    public async Task Plugins_that_there_are_not_may_be_switched_off()
    {
        FirstScript.Answers("Hello");

        Assert.Equal(200, (await Gateway.PostAsync(Hello(streaming: false, ("plugins", new[] { new { id = "web", enabled = false } })))).Status);
    }

    private static Task<HttpAnswer> PostAsync(RunningGateway gateway, string api, string fields, bool streaming)
    {
        var turns = new JsonArray([.. Enumerable.Range(0, Turns).Select(i => (JsonNode)new JsonObject { ["role"] = i % 2 == 0 ? "user" : "assistant", ["content"] = Turn })]);
        turns[^1]!["role"] = "user";
        var body = JsonNode.Parse($$"""{ "model": "acme/small", {{fields}} }""")!.AsObject();
        body[api == "responses" ? "input" : "messages"] = turns;
        if (streaming)
            body["stream"] = true;
        return PostAsync(gateway, body, api == "chat" ? "/v1/chat/completions" : $"/v1/{api}");
    }

    private static async Task<HttpAnswer> PostAsync(RunningGateway gateway, object body, string path = "/v1/chat/completions")
    {
        using var content = System.Net.Http.Json.JsonContent.Create(body);
        content.Headers.TryAddWithoutValidation("X-OpenRouter-Metadata", "enabled");
        return await gateway.SendAsync(HttpMethod.Post, path, content, Key);
    }

    private static JsonNode MetadataOf(HttpAnswer answer) => answer.ContentType == "text/event-stream"
        ? Assert.Single(answer.Chunks, static chunk => chunk["openrouter_metadata"] is not null)["openrouter_metadata"]!
        : answer.Json["openrouter_metadata"]!;
}
