using System.Text.Json;
using MeaiRouter.Attempts;
using MeaiRouter.Catalog;
using MeaiRouter.Core.Tests.Fakes;
using MeaiRouter.Endpoints;
using MeaiRouter.Keys;
using MeaiRouter.Limits;
using MeaiRouter.Routing;
using Microsoft.Extensions.AI;

namespace MeaiRouter.Core.Tests.Endpoints;

public sealed class KeyedEndpointTests
{
    private readonly RoutingOptions _routing = new() { Strategy = new CheapestFirst() };

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Attempts_call_with_the_keys_in_turn_and_the_trace_names_them(bool streaming)
    {
        var provider = new KeyedFake("secret-1", "secret-2");
        using var router = Router(provider);

        var answers = new List<string>();
        for (var i = 0; i < 3; i++)
        {
            var response = await router.AskAsync(streaming, new() { ModelId = "m" });
            answers.Add($"{response.Text} by {Assert.Single(response.Trace().Attempts).KeyName}");
        }

        Assert.Equal(["Hello from key 1 by key 1", "Hello from key 2 by key 2", "Hello from key 1 by key 1"], answers);
        Assert.Equal(["secret-1", "secret-2", "secret-1"], provider.Used);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_refused_key_is_not_used_again_by_the_next_request(bool streaming)
    {
        var provider = new KeyedFake("bad-secret", "good-secret")
        {
            Calling = static secret =>
            {
                if (secret == "bad-secret")
                    throw new RouterException(FailureKind.Unauthorized, "Who are you?");
            },
        };
        using var router = Router(provider);

        var refused = await router.AskInVainAsync(streaming, new() { ModelId = "m" });
        for (var i = 0; i < 5; i++)
            Assert.Equal("Hello from key 2", (await router.AskAsync(streaming, new() { ModelId = "m" })).Text);

        Assert.Equal(FailureKind.Unauthorized, refused.Kind);
        Assert.Equal(["bad-secret", .. Enumerable.Repeat("good-secret", 5)], provider.Used);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task What_the_provider_says_about_limits_reaches_the_health_of_the_key_and_nobody_who_reads_the_options(bool streaming)
    {
        var limits = new RateLimits { Requests = new(10, 0, TimeSpan.FromMinutes(1)) };
        var provider = new KeyedFake("secret-1", "secret-2") { Limits = secret => secret == "secret-1" ? limits : null };
        using var router = Router(provider);

        for (var i = 0; i < 3; i++)
            await router.AskAsync(streaming, new() { ModelId = "m" });

        Assert.Equal(["secret-1", "secret-2", "secret-2"], provider.Used);
        var entry = Assert.Single(provider.Options!.AdditionalProperties!);
        Assert.Equal("\"meairouter\"", JsonSerializer.Serialize(entry.Value));
        Assert.DoesNotContain("secret", entry.Value!.ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_client_that_reports_no_limits_sees_no_observer(bool streaming)
    {
        var provider = FakeChatClient.Answering("Hello");
        using var router = Router(provider);

        await router.AskAsync(streaming, new ChatOptions { ModelId = "m" }.WithRateLimitObserver(new Nobody()));

        Assert.Null(provider.Call.Options!.AdditionalProperties);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_wrapper_that_knows_no_keys_is_never_reached_around(bool streaming)
    {
        var inner = FakeChatClient.Answering("chosen by itself");
        using var wrapper = new PassThrough(new Both(inner, new KeyedFake("secret-1")));
        using var router = Router(wrapper);

        var response = await router.AskAsync(streaming, new() { ModelId = "m" });

        Assert.Equal(("chosen by itself", null), (response.Text, Assert.Single(response.Trace().Attempts).KeyName));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_key_that_the_client_cannot_take_is_never_replaced_by_another(bool streaming)
    {
        // Two routers share a board, and only one of their clients takes keys.
        using var plain = Router(FakeChatClient.Answering("Hello"));
        using var keyed = Router(new KeyedFake("secret-1"));

        var refused = await plain.AskInVainAsync(streaming, new() { ModelId = "m" });

        Assert.Equal(
            (FailureKind.NoEndpoint, "The client of 'acme' cannot be called with 'key 1': it is no IKeyedChatClient, or is wrapped in a client that is none."),
            (refused.Kind, refused.Message));
    }

    [Fact]
    public void A_key_shows_its_name_and_nothing_else()
    {
        var key = new ProviderKey("key 1", "secret-1");

        Assert.Equal("key 1", $"{key}");
        Assert.Equal("""{"Name":"key 1"}""", JsonSerializer.Serialize(key));
    }

    private RouterChatClient Router(IChatClient provider) => new(
        new EndpointChatClient(new Dictionary<string, IChatClient> { ["acme"] = provider }),
        new ModelCatalog([new Model("m") { Endpoints = [new ModelEndpoint("acme", "x")] }]),
        _routing);

    private sealed class Nobody : IRateLimitObserver
    {
        public void Observe(RateLimits limits) => throw new InvalidOperationException("Nobody asked.");
    }

    /// <summary>Answers by itself, and by a key where it is asked to.</summary>
    private sealed class Both(IChatClient client, IKeyedChatClient keyed) : DelegatingChatClient(client)
    {
        public override object? GetService(Type serviceType, object? serviceKey = null) =>
            serviceType == typeof(IKeyedChatClient) ? keyed : base.GetService(serviceType, serviceKey);
    }
}
