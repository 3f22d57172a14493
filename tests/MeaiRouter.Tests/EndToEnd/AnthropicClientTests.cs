using Anthropic;
using MeaiRouter.Attempts;
using MeaiRouter.Catalog;
using MeaiRouter.Endpoints;
using MeaiRouter.OpenAI;
using MeaiRouter.Pricing;
using MeaiRouter.Testing;
using Microsoft.Extensions.AI;

namespace MeaiRouter.Tests.EndToEnd;

/// <summary>Anthropic's own SDK as an endpoint: any chat client can be one.</summary>
public sealed class AnthropicClientTests
{
    [Fact]
    public async Task Its_answers_are_routed_normalized_and_priced_with_cache_writes()
    {
        await using var anthropic = await MessagesServer.StartAsync(MessagesServer.Answer("Hello from Claude."));
        await using var other = await ScriptedProvider.StartAsync("other");
        using var client = Pipeline(anthropic, other);

        var response = await client.GetStreamingResponseAsync("Hello", Options()).ToChatResponseAsync();

        Assert.Equal("Hello from Claude.", response.Text);
        Assert.Equal(ChatFinishReason.Stop, response.FinishReason);
        var answer = response.GetRouteTrace()!.Answer!;
        Assert.Equal("anthropic", answer.Provider);
        Assert.Equal(new TokenUsage { Input = 10, CacheWrite = 20, CacheRead = 30, Output = 7, Requests = 1 }, answer.Usage);

        // 10 at $1, 20 at $1.25, 30 at $0.10 and 7 at $5, each for a million.
        Assert.Equal(new NanoUsd(10_000 + 25_000 + 3_000 + 35_000), response.GetCost());
        Assert.Equal(0, other.RequestCount);
    }

    [Fact]
    public async Task An_overload_after_its_first_empty_update_is_answered_by_the_next_endpoint()
    {
        await using var anthropic = await MessagesServer.StartAsync(MessagesServer.Overloaded);
        await using var other = await ScriptedProvider.StartAsync("other");
        other.ForModel("small-v1").Answers("Hello from another.");
        using var client = Pipeline(anthropic, other);

        var response = await client.GetStreamingResponseAsync("Hello", Options()).ToChatResponseAsync();

        Assert.Equal("Hello from another.", response.Text);
        Assert.Single(response.Messages);
        Assert.Equal([AttemptOutcome.Failed, AttemptOutcome.Answered], response.GetRouteTrace()!.Attempts.Select(attempt => attempt.Outcome));
        Assert.Equal(1, anthropic.Requests);
    }

    [Fact]
    public async Task Its_silent_end_in_the_middle_of_an_answer_is_a_break_that_the_next_endpoint_mends()
    {
        // More characters than are held back.
        var beginning = new string('a', 70);
        await using var anthropic = await MessagesServer.StartAsync(MessagesServer.Answer(beginning)[..3]);
        await using var other = await ScriptedProvider.StartAsync("other");
        other.ForModel("small-v1").Answers(beginning + " and more");
        using var client = Pipeline(anthropic, other);

        var response = await client.GetStreamingResponseAsync("Hello", Options()).ToChatResponseAsync();

        Assert.Equal(beginning + " and more", Assert.Single(response.Messages).Text);
        Assert.Equal(FailureKind.Incomplete, response.GetRouteTrace()!.Attempts[0].Failure!.Kind);
        Assert.Equal(beginning.Length, Assert.Single(response.GetRouteTrace()!.Seams).TextOffset);
    }

    private static ChatOptions Options() => new() { ModelId = "claude:floor", MaxOutputTokens = 100 };

    private static IChatClient Pipeline(MessagesServer anthropic, ScriptedProvider other)
    {
        var sdk = new AnthropicClient { ApiKey = "test-key", BaseUrl = anthropic.BaseUrl, MaxRetries = 0 };
        var providers = new Dictionary<string, IChatClient>
        {
            ["anthropic"] = sdk.AsIChatClient("claude-x"),
            ["other"] = new OpenAICompatibleChatClient(new OpenAICompatibleOptions { Provider = "other", BaseUrl = other.BaseUrl }),
        };
        var catalog = new ModelCatalog(
        [
            new Model("claude")
            {
                Endpoints =
                [
                    // An unpriced endpoint comes last.
                    new ModelEndpoint("anthropic", "claude-x") { Price = new Price { Prompt = 1, Completion = 5, CacheRead = 0.1m, CacheWrite = 1.25m } },
                    new ModelEndpoint("other", "small-v1"),
                ],
            },
        ]);
        return new EndpointChatClient(providers).AsBuilder().UseCostTracking().UseRouting(catalog).UseFallback().UseNormalization().Build();
    }
}
