using System.Net.ServerSentEvents;
using System.Text;
using System.Text.Json.Nodes;

namespace MeaiRouter.Testing.Tests.Strictness;

/// <summary>What a provider thought before it called a tool must come back as it was, in either mode.</summary>
public sealed class ReturnedReasoningTests : IAsyncLifetime, IDisposable
{
    private static readonly Reply Calling = Reply.ToolCall("f", new { }, "abcDEF123").WithReasoning("Let me see.");

    private readonly HttpClient _http = new() { Timeout = TimeSpan.FromSeconds(20) };
    private ScriptedProvider _provider = null!;
    private ScriptedProvider _other = null!;

    public async Task InitializeAsync() =>
        (_provider, _other) = (await ScriptedProvider.StartAsync("acme"), await ScriptedProvider.StartAsync("other"));

    public async Task DisposeAsync()
    {
        await _provider.DisposeAsync();
        await _other.DisposeAsync();
    }

    public void Dispose() => _http.Dispose();

    [Theory]
    [InlineData("deepseek", false), InlineData("deepseek", true)]
    [InlineData("moonshot", false), InlineData("moonshot", true)]
    public async Task Reasoning_content_that_was_changed_is_refused(string dialect, bool streaming)
    {
        var message = await CallAsync(_provider, dialect, streaming);
        Assert.Equal("Let me see.", (string?)message["reasoning_content"]);

        Assert.Equal(200, await AnswerAsync(message));
        message["reasoning_content"] = "Let me see!";
        Assert.Equal(400, await AnswerAsync(message));
        message["reasoning_content"] = "";
        Assert.Equal(400, await AnswerAsync(message));
        message["tool_calls"]![0]!["id"] = "another12";
        Assert.Equal(200, await AnswerAsync(message));

        Assert.Equal(["changed-reasoning", "changed-reasoning"], _provider.Refused.Select(static request => request.Refusal!.Rule));
        Assert.Equal(
            dialect == "deepseek"
                ? "The `reasoning_content` in the thinking mode must be passed back to the API."
                : "thinking is enabled but reasoning_content is missing in assistant tool call message at index 1",
            _provider.Refused[0].Refusal!.Message);
    }

    [Theory, InlineData(false), InlineData(true)]
    public async Task Signed_details_are_taken_by_their_maker_unchanged_and_by_nobody_else(bool streaming)
    {
        var message = await CallAsync(_provider, "openrouter", streaming);
        var foreign = await CallAsync(_other, "openrouter", streaming);
        var detail = message["reasoning_details"]![0]!;
        Assert.Equal(("reasoning.text", "Let me see.", "anthropic-claude-v1"), ((string?)detail["type"], (string?)detail["text"], (string?)detail["format"]));

        Assert.Equal(200, await AnswerAsync(message));
        Assert.Equal(400, await AnswerAsync(foreign));
        detail["text"] = "Let me see!";
        Assert.Equal(400, await AnswerAsync(message));
        message.Remove("reasoning_details");
        Assert.Equal(400, await AnswerAsync(message));
        Assert.Equal(200, await AnswerAsync(message, then: "And now?"));

        Assert.Equal(["signature", "signature", "missing-signature"], _provider.Refused.Select(static request => request.Refusal!.Rule));
        Assert.Equal(
            """{"error":{"message":"Provider returned error","code":400,"metadata":{"raw":"{\"type\":\"error\",\"error\":{\"type\":\"invalid_request_error\",\"message\":\"messages.1.content.0: Invalid `signature` in `thinking` block\"}}","provider_name":"Anthropic"}}}""",
            _provider.Refused[0].Refusal!.Body);
    }

    [Theory, InlineData(false), InlineData(true)]
    public async Task A_thought_signature_is_wanted_by_its_maker_and_refused_by_others(bool streaming)
    {
        var message = await CallAsync(_provider, "gemini-3", streaming);
        var foreign = await CallAsync(_other, "gemini-3", streaming);

        Assert.Equal(200, await AnswerAsync(message));
        Assert.Equal(400, await AnswerAsync(foreign));
        ((JsonObject)message["tool_calls"]![0]!).Remove("extra_content");
        Assert.Equal(400, await AnswerAsync(message));
        Assert.Equal(200, await AnswerAsync(message, then: "And now?"));

        Assert.Equal(["foreign-signature", "missing-signature"], _provider.Refused.Select(static request => request.Refusal!.Rule));
    }

    // The assistant's message as a client would send it back, put together from whatever came.
    private async Task<JsonObject> CallAsync(ScriptedProvider provider, string dialect, bool streaming)
    {
        provider.Enforce(StrictDialect.All.Single(d => d.Name == dialect)).ForAnyModel().Next(Calling).Then(Reply.Text("Done."));
        using var response = await PostAsync(provider, $$"""{"model":"deepseek-reasoner","messages":[{"role":"user","content":"Hi"}],"stream":{{(streaming ? "true" : "false")}}}""");
        Assert.Equal(200, (int)response.StatusCode);
        if (!streaming)
            return Bare((JsonObject)JsonNode.Parse(await response.Content.ReadAsStringAsync())!["choices"]![0]!["message"]!.DeepClone());

        var message = new JsonObject { ["role"] = "assistant", ["content"] = null };
        await foreach (var item in SseParser.Create(await response.Content.ReadAsStreamAsync()).EnumerateAsync())
        {
            if (item.Data != "[DONE]" && JsonNode.Parse(item.Data)!["choices"]!.AsArray() is [{ } choice])
                Merge(message, choice["delta"]!.AsObject());
        }

        return Bare(message);
    }

    private static void Merge(JsonObject message, JsonObject delta)
    {
        if (delta["reasoning_content"] is { } reasoning)
            message["reasoning_content"] = (string?)message["reasoning_content"] + (string?)reasoning;
        if (delta["reasoning_details"]?[0] is { } detail)
        {
            if (message["reasoning_details"]?[0] is not { } whole)
            {
                message["reasoning_details"] = new JsonArray(detail.DeepClone());
            }
            else
            {
                whole["text"] = (string?)whole["text"] + (string?)detail["text"];
                if (detail["signature"] is { } signature)
                    whole["signature"] = signature.DeepClone();
            }
        }

        if (delta["tool_calls"]?[0] is { } call)
        {
            if (message["tool_calls"] is null)
                message["tool_calls"] = new JsonArray(call.DeepClone());
            else
                message["tool_calls"]![0]!["function"]!["arguments"] = (string?)message["tool_calls"]![0]!["function"]!["arguments"] + (string?)call["function"]!["arguments"];
        }
    }

    private static JsonObject Bare(JsonObject message)
    {
        (message["tool_calls"]![0] as JsonObject)!.Remove("index");
        if ((string?)message["content"] is not null)
            message["content"] = null;
        return message;
    }

    private async Task<int> AnswerAsync(JsonObject message, string? then = null)
    {
        var messages = new JsonArray(
            new JsonObject { ["role"] = "user", ["content"] = "Hi" },
            message.DeepClone(),
            new JsonObject { ["role"] = "tool", ["tool_call_id"] = (string?)message["tool_calls"]![0]!["id"], ["content"] = "1" });
        if (then is not null)
        {
            messages.Add(new JsonObject { ["role"] = "assistant", ["content"] = "Done." });
            messages.Add(new JsonObject { ["role"] = "user", ["content"] = then });
        }

        using var response = await PostAsync(_provider, new JsonObject { ["model"] = "deepseek-reasoner", ["messages"] = messages }.ToJsonString());
        return (int)response.StatusCode;
    }

    private async Task<HttpResponseMessage> PostAsync(ScriptedProvider provider, string body)
    {
        using var content = new StringContent(body, Encoding.UTF8, "application/json");
        return await _http.PostAsync(new Uri($"{provider.BaseUrl}/chat/completions"), content);
    }
}
