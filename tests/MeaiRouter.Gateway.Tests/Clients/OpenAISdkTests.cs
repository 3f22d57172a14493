using System.ClientModel;
using System.ClientModel.Primitives;
using System.Text;
using System.Text.Json;
using MeaiRouter.Gateway.Tests.Running;
using MeaiRouter.Testing;
using OpenAI;
using OpenAI.Chat;
using OpenAI.Models;

namespace MeaiRouter.Gateway.Tests.Clients;

/// <summary>The official OpenAI SDK for .NET, of which only the base URL and the key were changed.</summary>
public sealed class OpenAISdkTests : GatewayTest
{
    private static readonly ChatTool Weather = ChatTool.CreateFunctionTool(
        "weather", "The weather in a city.",
        BinaryData.FromString("""{"type":"object","properties":{"city":{"type":"string"}},"required":["city"],"additionalProperties":false}"""), functionSchemaIsStrict: true);

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_question_is_answered_with_text_finish_reason_and_usage(bool streaming)
    {
        FirstScript.Always(Reply.Text("Hello, wörld 🙂").WithUsage(prompt: 1000, completion: 200, cached: 300, reasoning: 50));

        var answer = await AskAsync(streaming, [new SystemChatMessage("Be kind."), new UserChatMessage("Hi")], new() { Temperature = 0.5f, MaxOutputTokenCount = 99 });

        Assert.Equal(("Hello, wörld 🙂", ChatFinishReason.Stop, Model), (answer.Text, answer.FinishReason, answer.Model));
        Assert.Equal(
            (1000, 200, 1200, 300, 50),
            (answer.Usage!.InputTokenCount, answer.Usage.OutputTokenCount, answer.Usage.TotalTokenCount,
                answer.Usage.InputTokenDetails.CachedTokenCount, answer.Usage.OutputTokenDetails.ReasoningTokenCount));
        Assert.Equal((await Gateway.Ledger.SingleAsync()).Id, answer.Id);

        var received = First.Requests.Single().Body;
        Assert.Equal((0.5, 99), (received.GetProperty("temperature").GetDouble(), received.GetProperty("max_tokens").GetInt32()));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_tool_loop_goes_round_and_ends(bool streaming)
    {
        FirstScript
            .Next(Reply.Text("Let me look.").WithToolCall("weather", new { city = "Oslo" }, "call_a").WithToolCall("weather", new { city = "Łódź" }, "call_b").WithUsage(20, 10))
            .Next(Reply.Text("Oslo: rain. Łódź: sun.").WithUsage(40, 8));
        var options = new ChatCompletionOptions { Tools = { Weather }, ToolChoice = ChatToolChoice.CreateAutoChoice() };
        List<ChatMessage> messages = [new UserChatMessage("How is the weather in Oslo and Łódź?")];

        var asks = await AskAsync(streaming, messages, options);
        Assert.Equal((ChatFinishReason.ToolCalls, "Let me look."), (asks.FinishReason, asks.Text));
        Assert.Equal(
            [("call_a", "weather", """{"city":"Oslo"}"""), ("call_b", "weather", """{"city":"Łódź"}""")],
            asks.ToolCalls.Select(call => (call.Id, call.FunctionName, call.FunctionArguments.ToString())));

        messages.Add(new AssistantChatMessage(asks.ToolCalls) { Content = { ChatMessageContentPart.CreateTextPart(asks.Text) } });
        messages.Add(new ToolChatMessage("call_a", "rain"));
        messages.Add(new ToolChatMessage("call_b", "sun"));
        var ends = await AskAsync(streaming, messages, options);

        Assert.Equal((ChatFinishReason.Stop, "Oslo: rain. Łódź: sun.", 48), (ends.FinishReason, ends.Text, ends.Usage!.TotalTokenCount));
        var received = First.Requests[1].Body;
        Assert.Equal(
            ["user", "assistant", "tool", "tool"], received.GetProperty("messages").EnumerateArray().Select(message => message.GetProperty("role").GetString()));
        Assert.Equal(
            ["call_a", "call_b"],
            received.GetProperty("messages")[1].GetProperty("tool_calls").EnumerateArray().Select(call => call.GetProperty("id").GetString()));
        Assert.Equal(
            [("call_a", "rain"), ("call_b", "sun")],
            received.GetProperty("messages").EnumerateArray().Skip(2).Select(message => (message.GetProperty("tool_call_id").GetString(), message.GetProperty("content").GetString())));
        Assert.True(received.GetProperty("tools")[0].GetProperty("function").GetProperty("strict").GetBoolean());
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_json_schema_reaches_the_provider_and_the_answer_fits_it(bool streaming)
    {
        const string schema = """{"type":"object","properties":{"city":{"type":"string"},"degrees":{"type":"integer"}},"required":["city","degrees"],"additionalProperties":false}""";
        FirstScript.Answers("""{"city":"Oslo","degrees":-4}""");

        var answer = await AskAsync(
            streaming, [new UserChatMessage("Weather?")],
            new() { ResponseFormat = ChatResponseFormat.CreateJsonSchemaFormat("weather", BinaryData.FromString(schema), "The weather.", jsonSchemaIsStrict: true) });

        Assert.Equal(-4, JsonDocument.Parse(answer.Text).RootElement.GetProperty("degrees").GetInt32());
        HttpAnswer.AssertJson(
            $$"""{ "type": "json_schema", "json_schema": { "name": "weather", "description": "The weather.", "strict": true, "schema": {{schema}} } }""",
            System.Text.Json.Nodes.JsonNode.Parse(First.Requests.Single().Body.GetProperty("response_format").GetRawText())!);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Images_by_address_and_by_value_reach_the_provider(bool streaming)
    {
        FirstScript.Answers("A cat.");
        byte[] png = [0x89, 0x50, 0x4e, 0x47];

        var answer = await AskAsync(
            streaming,
            [
                new UserChatMessage(
                    ChatMessageContentPart.CreateTextPart("What is it?"),
                    ChatMessageContentPart.CreateImagePart(new Uri("https://example.com/cat.png"), ChatImageDetailLevel.Low),
                    ChatMessageContentPart.CreateImagePart(BinaryData.FromBytes(png), "image/png")),
            ]);

        Assert.Equal("A cat.", answer.Text);
        HttpAnswer.AssertJson(
            $$"""
            [ { "type": "text", "text": "What is it?" },
              { "type": "image_url", "image_url": { "url": "https://example.com/cat.png", "detail": "low" } },
              { "type": "image_url", "image_url": { "url": "data:image/png;base64,{{Convert.ToBase64String(png)}}" } } ]
            """,
            System.Text.Json.Nodes.JsonNode.Parse(First.Requests.Single().Body.GetProperty("messages")[0].GetProperty("content").GetRawText())!);
    }

    [Theory]
    [InlineData(false, "low", "low")]
    [InlineData(true, "high", "high")]
    [InlineData(false, "minimal", "low")]
    public async Task The_reasoning_effort_reaches_the_provider_in_the_nearest_word_its_dialect_knows(bool streaming, string effort, string sent)
    {
        FirstScript.Always(Reply.Text("42").WithReasoning("Six times seven."));

#pragma warning disable OPENAI001 // Experimental in the SDK.
        var answer = await AskAsync(streaming, [new UserChatMessage("6 x 7?")], new() { ReasoningEffortLevel = new ChatReasoningEffortLevel(effort) });
#pragma warning restore OPENAI001

        Assert.Equal(("42", sent), (answer.Text, First.Requests.Single().Body.GetProperty("reasoning_effort").GetString()));
    }

    [Fact]
    public async Task The_models_are_listed()
    {
        var models = (await new OpenAIModelClient(new ApiKeyCredential(Key), Options()).GetModelsAsync()).Value;

        var model = Assert.Single(models);
        Assert.Equal((Model, "acme", DateTimeOffset.UnixEpoch), (model.Id, model.OwnedBy, model.CreatedAt));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task When_provider_and_fallback_are_down_the_exception_says_who_said_what(bool streaming)
    {
        FirstScript.Always(Fault.Status(503, message: "Under repair."));
        SecondScript.Always(Fault.Status(502, message: "On fire."));

        var exception = await Assert.ThrowsAsync<ClientResultException>(() => AskAsync(streaming));

        Assert.Equal(503, exception.Status);
        Assert.Contains("first/small-1: Unavailable (HTTP 503), first answered 503: first: Under repair.", exception.Message, StringComparison.Ordinal);
        Assert.Contains("second/small-2: Unavailable (HTTP 502), second answered 502: second: On fire.", exception.Message, StringComparison.Ordinal);
        Assert.Equal((1, 1), (First.RequestCount, Second.RequestCount));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task An_unknown_model_is_an_exception_with_the_nearest_name(bool streaming)
    {
        var exception = await Assert.ThrowsAsync<ClientResultException>(() => AskAsync(streaming, model: "acme/smal"));

        Assert.Equal(400, exception.Status);
        Assert.Contains("Did you mean 'acme/small'?", exception.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_wrong_key_is_an_exception_that_says_so(bool streaming)
    {
        var exception = await Assert.ThrowsAsync<ClientResultException>(() => AskAsync(streaming, key: "sk-wrong-key"));

        Assert.Equal(401, exception.Status);
        Assert.Contains("The key is not known here.", exception.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_rate_limit_tells_when_to_come_back(bool streaming)
    {
        FirstScript.Always(Fault.RateLimited(TimeSpan.FromSeconds(30)));
        SecondScript.Always(Fault.RateLimited(TimeSpan.FromSeconds(12)));

        var exception = await Assert.ThrowsAsync<ClientResultException>(() => AskAsync(streaming));

        Assert.Equal(429, exception.Status);
        Assert.True(exception.GetRawResponse()!.Headers.TryGetValue("Retry-After", out var wait));
        Assert.Equal("12", wait);
    }

    [Fact]
    public async Task The_SDKs_own_retry_is_answered_once_the_provider_is_well_again()
    {
        FirstScript.Next(Fault.Unavailable()).Then(Reply.Text("well"));
        SecondScript.Next(Fault.Unavailable());
        var options = Options();
        options.RetryPolicy = new ClientRetryPolicy(1);

        var answer = await new ChatClient(Model, new ApiKeyCredential(Key), options).CompleteChatAsync("Hi");

        Assert.Equal(("well", 2), (answer.Value.Content[0].Text, First.RequestCount));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Leaving_closes_the_providers_connection(bool streaming)
    {
        FirstScript.Always(streaming ? Reply.Chunks("one ", "two").StallAfter(1) : Reply.Text("never").StallAfter(0));
        using var cancellation = new CancellationTokenSource();

        var asked = AskAsync(streaming, cancellationToken: cancellation.Token, onText: cancellation.Cancel);
        await First.WaitForRequestsAsync(1).WaitAsync(Patience);
        if (!streaming)
            await cancellation.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => asked);

        // Not at once: between two reads the SDK's transport first drains the stream for up to two seconds before it closes its connection.
        await First.Requests.Single().ClientAborted.WaitAsync(Patience);
        Assert.Equal(0, Second.RequestCount);
    }

    private OpenAIClientOptions Options() => new() { Endpoint = Gateway.BaseUrl, RetryPolicy = new ClientRetryPolicy(0) };

    private async Task<SdkAnswer> AskAsync(
        bool streaming, IEnumerable<ChatMessage>? messages = null, ChatCompletionOptions? options = null, string key = Key, string model = Model,
        Action? onText = null, CancellationToken cancellationToken = default)
    {
        var client = new ChatClient(model, new ApiKeyCredential(key), Options());
        messages ??= [new UserChatMessage("Hi")];
        if (!streaming)
        {
            ChatCompletion answer = await client.CompleteChatAsync(messages, options, cancellationToken);
            return new(answer.Id, answer.Model, string.Concat(answer.Content.Select(part => part.Text)), answer.FinishReason, answer.ToolCalls, answer.Usage);
        }

        var text = new StringBuilder();
        var calls = new SortedDictionary<int, (string Id, string Name, StringBuilder Arguments)>();
        var (id, served, finish, usage) = ("", "", default(ChatFinishReason?), default(ChatTokenUsage));
        await foreach (var update in client.CompleteChatStreamingAsync(messages, options, cancellationToken))
        {
            (id, served, finish, usage) = (update.CompletionId, update.Model, update.FinishReason ?? finish, update.Usage ?? usage);
            text.AppendJoin("", update.ContentUpdate.Select(part => part.Text));
            foreach (var part in update.ToolCallUpdates)
            {
                if (!calls.TryGetValue(part.Index, out var call))
                    calls[part.Index] = call = (part.ToolCallId, part.FunctionName, new());
                call.Arguments.Append(part.FunctionArgumentsUpdate);
            }

            if (text.Length > 0)
                onText?.Invoke();
        }

        return new(
            id, served, text.ToString(), finish!.Value,
            [.. calls.Values.Select(call => ChatToolCall.CreateFunctionToolCall(call.Id, call.Name, BinaryData.FromString(call.Arguments.ToString())))], usage);
    }

    private sealed record SdkAnswer(
        string Id, string Model, string Text, ChatFinishReason FinishReason, IReadOnlyList<ChatToolCall> ToolCalls, ChatTokenUsage? Usage);
}
