using System.ClientModel;
using System.ClientModel.Primitives;
using MeaiRouter.Attempts;
using MeaiRouter.Testing;
using OpenAI;
using OpenAI.Chat;

namespace MeaiRouter.Gateway.Tests.Clients;

/// <summary>What can be learned from the exceptions of the OpenAI SDK, where it is the client of a provider.</summary>
public sealed class OpenAISdkRefusalTests
{
    private const string Google = """{"error":{"code":429,"message":"Quota.","details":[{"@type":"type.googleapis.com/google.rpc.RetryInfo","retryDelay":"12s"}]}}""";

    public static TheoryData<Fault, FailureKind, double?> Refusals => new()
    {
        { Fault.RateLimited(TimeSpan.FromMilliseconds(1500)), FailureKind.RateLimited, 1.5 },
        { Fault.Status(429).WithHeader("Retry-After", "7"), FailureKind.RateLimited, 7 },
        { Fault.Status(503).WithHeader("Retry-After", "7"), FailureKind.Unavailable, 7 },
        {
            Fault.Status(429).WithHeader("x-ratelimit-remaining-tokens", "0").WithHeader("x-ratelimit-reset-tokens", "6m0s"),
            FailureKind.RateLimited, 360
        },
        { Fault.Body(429, Google), FailureKind.RateLimited, 12 },
        { Fault.Status(429, "rate_limit_exceeded", "Please try again in 350ms."), FailureKind.RateLimited, 0.35 },
        { Fault.Status(429), FailureKind.RateLimited, null },
    };

    [Theory]
    [MemberData(nameof(Refusals), DisableDiscoveryEnumeration = true)]
    public async Task The_status_and_the_wait_are_read_in_both_modes(Fault fault, FailureKind kind, double? seconds)
    {
        await using var acme = await ScriptedProvider.StartAsync("acme");
        acme.ForModel("small-v1").Always(fault);
        var client = new ChatClient("small-v1", new ApiKeyCredential("sk-test-key"), new OpenAIClientOptions
        {
            Endpoint = acme.BaseUrl, RetryPolicy = new ClientRetryPolicy(maxRetries: 0),
        });

        var whole = await Assert.ThrowsAsync<ClientResultException>(() => client.CompleteChatAsync(new UserChatMessage("Hi")));
        var streamed = await Assert.ThrowsAsync<ClientResultException>(async () =>
        {
            await foreach (var _ in client.CompleteChatStreamingAsync(new UserChatMessage("Hi")))
                Assert.Fail("Nothing should have come.");
        });

        Assert.All((ClientResultException[])[whole, streamed], thrown =>
        {
            var read = FailureClassifier.Read(thrown, "acme");
            Assert.Equal((kind, seconds), (read.Kind, read.RetryAfter?.TotalSeconds));
        });
    }
}
