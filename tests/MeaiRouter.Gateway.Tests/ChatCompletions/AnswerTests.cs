using System.Text.Json.Nodes;
using MeaiRouter.Attempts;
using MeaiRouter.Gateway.Tests.Running;
using MeaiRouter.Pricing;
using MeaiRouter.Testing;

namespace MeaiRouter.Gateway.Tests.ChatCompletions;

public sealed class AnswerTests : GatewayTest
{
    private static readonly Reply Answer = Reply.Text("Hello, world")
        .WithReasoning("Let me think")
        .WithFinishReason("stop", native: "end_turn")
        .WithUsage(prompt: 1000, completion: 200, cached: 300, cacheWrite: 100, reasoning: 50);

    // 600 x 0.5 + 300 x 0.05 + 100 x 0.625 + 150 x 1.5 + 50 x 2.5 = 727.5 dollars per million.
    private const decimal Cost = 0.0007275m;

    private const string Usage = """
        { "prompt_tokens": 1000, "completion_tokens": 200, "total_tokens": 1200, "cost": 0.0007275, "is_byok": false,
          "cost_details": { "upstream_inference_cost": null, "upstream_inference_prompt_cost": 0.0003775, "upstream_inference_completions_cost": 0.00035 },
          "prompt_tokens_details": { "cached_tokens": 300, "cache_write_tokens": 100 },
          "completion_tokens_details": { "reasoning_tokens": 50 } }
        """;

    [Theory]
    [InlineData("/v1")]
    [InlineData("/api/v1")]
    public async Task A_whole_answer_has_OpenAIs_fields_and_OpenRouters(string @base)
    {
        FirstScript.Next(Answer);
        var before = DateTimeOffset.UtcNow.ToUnixTimeSeconds();

        var answer = await Gateway.PostAsync(Hello(streaming: false), path: @base + "/chat/completions");

        Assert.Equal((200, "application/json"), (answer.Status, answer.ContentType));
        HttpAnswer.AssertJson(
            $$"""
            { "object": "chat.completion", "model": "acme/small", "provider": "first", "system_fingerprint": null,
              "choices": [ { "index": 0, "finish_reason": "stop", "native_finish_reason": "end_turn",
                "message": { "role": "assistant", "content": "Hello, world", "reasoning": "Let me think" } } ],
              "usage": {{Usage}} }
            """,
            answer.Json, except: ["id", "created"]);
        Assert.InRange((long)answer.Json["created"]!, before, DateTimeOffset.UtcNow.ToUnixTimeSeconds());
        await AssertRecordAsync(answer, streamed: false);
    }

    [Theory]
    [InlineData("/v1")]
    [InlineData("/api/v1")]
    public async Task A_streamed_answer_has_the_same_in_chunks_with_the_usage_once_at_the_end(string @base)
    {
        FirstScript.Next(Answer);

        var answer = await Gateway.PostAsync(Hello(streaming: true), path: @base + "/chat/completions");

        Assert.Equal((200, "text/event-stream"), (answer.Status, answer.ContentType));
        Assert.Equal("no-cache", answer.Headers["Cache-Control"]);
        Assert.Equal("[DONE]", answer.Events[^1]);
        Assert.Single(answer.Events, "[DONE]");
        Assert.All(answer.Chunks, chunk => Assert.Equal(
            (answer.Id, "chat.completion.chunk", Model, "first", (long)answer.Chunks[0]["created"]!),
            ((string)chunk["id"]!, (string)chunk["object"]!, (string)chunk["model"]!, (string)chunk["provider"]!, (long)chunk["created"]!)));

        Assert.Equal("Hello, world", answer.Text);
        Assert.Equal("Let me think", string.Concat(answer.Chunks.Select(chunk => (string?)chunk["choices"]!.AsArray().FirstOrDefault()?["delta"]?["reasoning"])));
        Assert.Equal("assistant", (string)answer.Chunks[0]["choices"]![0]!["delta"]!["role"]!);
        HttpAnswer.AssertJson(
            """{ "choices": [ { "index": 0, "delta": {}, "finish_reason": "stop", "native_finish_reason": "end_turn" } ] }""",
            answer.Chunks[^2], except: ["id", "object", "created", "model", "provider"]);
        Assert.All(answer.Chunks.SkipLast(2), chunk => Assert.Null(chunk["choices"]![0]!["finish_reason"]));

        HttpAnswer.AssertJson($$"""{ "choices": [], "usage": {{Usage}} }""", answer.Chunks[^1], except: ["id", "object", "created", "model", "provider"]);
        Assert.All(answer.Chunks.SkipLast(1), chunk => Assert.Null(chunk["usage"]));
        await AssertRecordAsync(answer, streamed: true);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task The_provider_receives_its_own_model_name_and_nothing_of_the_callers_key(bool streaming)
    {
        FirstScript.Answers("Hello");

        await Gateway.PostAsync(Hello(streaming, ("temperature", 0.5), ("max_tokens", 99), ("stop", "END")));

        var received = Assert.Single(First.Requests);
        Assert.Equal("Bearer key-of-first", received.Headers["Authorization"]);
        Assert.DoesNotContain(received.Headers, header => header.Value.Contains(Key, StringComparison.Ordinal));
        HttpAnswer.AssertJson(
            $$"""
            { "model": "small-1", "messages": [ { "role": "user", "content": "Hello" } ], "temperature": 0.5, "max_tokens": 99, "stop": ["END"]
              {{(streaming ? ""","stream": true, "stream_options": { "include_usage": true }""" : "")}} }
            """,
            JsonNode.Parse(received.Body.GetRawText())!);
        Assert.Equal(0, Second.RequestCount);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_provider_that_reports_no_usage_is_estimated(bool streaming)
    {
        FirstScript.Next(Reply.Text("Hello, world").WithoutUsage());

        var answer = await Gateway.PostAsync(Hello(streaming));

        var estimate = (await Gateway.Ledger.SingleAsync()).Attempts.Single();
        Assert.True(estimate.Usage is { IsEstimated: true, TotalInput: > 0, TotalOutput: > 0 });
        Assert.Equal(
            (estimate.Usage.TotalInput, estimate.Usage.TotalOutput, estimate.Usage.Total, estimate.Cost!.Value.ToUsd()),
            ((long)answer.Usage["prompt_tokens"]!, (long)answer.Usage["completion_tokens"]!, (long)answer.Usage["total_tokens"]!, answer.Cost!.Value));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_model_without_a_price_has_usage_and_no_cost(bool streaming)
    {
        FirstScript.Next(Answer);
        await using var gateway = await StartGatewayAsync(
            ("MeaiRouter:Models:acme/unpriced:Endpoints:0:Provider", "first"),
            ("MeaiRouter:Models:acme/unpriced:Endpoints:0:Model", "small-1"));

        var answer = await gateway.PostAsync(Hello(streaming, ("model", "acme/unpriced")));

        Assert.Equal((1200, null), ((int)answer.Usage["total_tokens"]!, answer.Cost));
        Assert.Null((await gateway.Ledger.SingleAsync()).Cost);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Text_of_every_script_and_every_escape_arrives_to_the_character(bool streaming)
    {
        const string text = "Zażółć 你好 🙂👩‍👩‍👧 \"quoted\" \\ \u0001\t\r\n\n data: [DONE] </script> \u2028 \ud83d\ude00 end ";
        FirstScript.Next(Reply.Text(text).WithWriteSize(1));

        Assert.Equal(text, (await Gateway.PostAsync(Hello(streaming))).Text);
    }

    private async Task AssertRecordAsync(HttpAnswer answer, bool streamed)
    {
        var record = await Gateway.Ledger.SingleAsync();
        Assert.Equal(
            (answer.Id, Model, "small-1", streamed, "stop", "end_turn", NanoUsd.FromUsd(Cost)),
            (record.Id, record.RequestedModel, record.ServedModel, record.IsStreamed, record.FinishReason, record.NativeFinishReason, record.Cost!.Value));
        var attempt = Assert.Single(record.Attempts);
        Assert.Equal(("first", Model, AttemptOutcome.Answered, null), (attempt.Provider, attempt.Model, attempt.Outcome, attempt.FailureKind));
        Assert.Equal(new TokenUsage { Input = 600, CacheRead = 300, CacheWrite = 100, Output = 150, Reasoning = 50, Requests = 1 }, attempt.Usage);
    }
}
