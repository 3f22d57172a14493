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
}
