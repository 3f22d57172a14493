using MeaiRouter.Attempts;
using MeaiRouter.Keys;
using MeaiRouter.Limits;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.AI;

namespace MeaiRouter.OpenAI.Tests;

public sealed class KeyTests
{
    private const string Whole = """{"id":"1","choices":[{"index":0,"message":{"role":"assistant","content":"Hi"},"finish_reason":"stop"}]}""";

    private static readonly string Events = Sse.Stream("""{"id":"1","choices":[{"index":0,"delta":{"content":"Hi"},"finish_reason":"stop"}]}""");

    [Theory, InlineData(false), InlineData(true)]
    public async Task A_key_of_its_own_or_of_a_caller_s_is_called_with_when_asked_for(bool streaming)
    {
        await using var provider = await LoopbackProvider.StartAsync(Whole, Events);
        using var client = provider.CreateClient("sk-first-key", "sk-second-key");
        var keyed = (IKeyedChatClient)client.GetService(typeof(IKeyedChatClient))!;

        foreach (var key in (ProviderKey[])[keyed.Keys[1], keyed.Keys[1], new("caller's", "sk-callers-key"), keyed.Keys[0]])
            Assert.Equal("Hi", (await keyed.WithKey(key).AskAsync(streaming)).Text);
        await client.AskAsync(streaming);
        await client.AskAsync(streaming);

        Assert.Equal(
            ["sk-second-key", "sk-second-key", "sk-callers-key", "sk-first-key", "sk-first-key", "sk-second-key"],
            provider.Requests.Select(static request => request.Headers["Authorization"]["Bearer ".Length..]));
    }

    [Theory]
    [InlineData("api-key", "api-key", "sk-own-key", false)]
    [InlineData("x-api-key", "x-api-key", "sk-callers-key", true)]
    [InlineData("authorization", "Authorization", "Bearer sk-own-key", false)]
    public async Task The_key_stands_in_the_header_that_the_provider_reads(string header, string sent, string value, bool ofCaller)
    {
        await using var provider = await LoopbackProvider.StartAsync(Whole, Events);
        using var client = new OpenAICompatibleChatClient(new()
        {
            Provider = "acme",
            BaseUrl = provider.BaseUrl,
            ApiKeys = ["sk-own-key"],
            KeyHeader = header,
        });

        await (ofCaller ? client.WithKey(new("caller's", "sk-callers-key")) : client).AskAsync(streaming: false);

        Assert.Equal(value, provider.Request.Headers[sent]);
        Assert.Equal(sent == "Authorization", provider.Request.Headers.ContainsKey("Authorization"));
    }

    [Fact]
    public async Task The_operator_s_key_among_the_headers_does_not_pay_for_the_caller_s_call()
    {
        await using var provider = await LoopbackProvider.StartAsync(Whole, Events);
        using var client = new OpenAICompatibleChatClient(new()
        {
            Provider = "acme",
            BaseUrl = provider.BaseUrl,
            KeyHeader = "x-api-key",
            Headers = new Dictionary<string, string> { ["X-Api-Key"] = "operator", ["Authorization"] = "operator", ["X-Team"] = "blue" },
        });

        await client.WithKey(new("caller's", "sk-callers-key")).AskAsync(streaming: false);

        var headers = provider.Request.Headers;
        Assert.Equal(("sk-callers-key", false, "blue"), (headers["x-api-key"], headers.ContainsKey("Authorization"), headers["X-Team"]));
    }

    [Fact]
    public void Keys_have_names_that_reveal_nothing_and_clients_for_them_cost_nothing_twice()
    {
        using var client = Client("sk-first-key", "sk-second-key");

        Assert.Equal([("key 1", "sk-first-key"), ("key 2", "sk-second-key")], client.Keys.Select(static key => (key.Name, key.Secret)));
        Assert.Same(client.WithKey(client.Keys[0]), client.WithKey(new ProviderKey("the same", "sk-first-key")));
        Assert.NotSame(client.WithKey(client.Keys[0]), client.WithKey(client.Keys[1]));
        Assert.Same(client.GetService(typeof(ChatClientMetadata)), client.WithKey(client.Keys[0]).GetService(typeof(ChatClientMetadata)));
        Assert.Empty(Client().Keys);
    }

    [Fact]
    public void A_blank_key_is_refused_with_its_place()
    {
        var refused = Assert.Throws<ArgumentException>(() => Client("sk-first-key", " "));

        Assert.Equal("ApiKeys[1] of acme is blank. Leave it out, or give it a key.", refused.Message);
    }

    [Theory, InlineData(false), InlineData(true)]
    public async Task A_client_for_one_key_may_be_disposed_without_harm(bool streaming)
    {
        await using var provider = await LoopbackProvider.StartAsync(Whole, Events);
        using var client = provider.CreateClient("sk-first-key");

        client.WithKey(client.Keys[0]).Dispose();
        client.WithKey(new ProviderKey("caller's", "sk-callers-key")).Dispose();

        Assert.Equal("Hi", (await client.WithKey(client.Keys[0]).AskAsync(streaming)).Text);
    }

    [Theory, InlineData(false), InlineData(true)]
    public async Task A_caller_s_key_is_not_overruled_by_the_operator_s_header(bool streaming)
    {
        await using var provider = await LoopbackProvider.StartAsync(Whole, Events);
        using var client = new OpenAICompatibleChatClient(new()
        {
            Provider = "acme",
            BaseUrl = provider.BaseUrl,
            Headers = new Dictionary<string, string> { ["authorization"] = "Bearer sk-operators-key", ["X-Title"] = "App" },
        });

        await client.WithKey(new ProviderKey("caller's", "sk-callers-key")).AskAsync(streaming);
        await client.AskAsync(streaming);

        Assert.Equal(
            [("Bearer sk-callers-key", "App"), ("Bearer sk-operators-key", "App")],
            provider.Requests.Select(static request => (request.Headers["Authorization"], request.Headers["X-Title"])));
    }

    [Theory]
    [InlineData(false, false)]
    [InlineData(false, true)]
    [InlineData(true, false)]
    [InlineData(true, true)]
    public async Task An_error_repeats_no_key_neither_the_caller_s_nor_ours(bool streaming, bool inBand)
    {
        await using var provider = await LoopbackProvider.StartAsync(context =>
        {
            var body = $$$"""{"error":{"message":"Bad key {{{context.Request.Headers.Authorization}}}, not sk-first-key","code":"invalid_api_key"}}""";
            return LoopbackProvider.WriteAsync(context, inBand ? 200 : 401, body);
        });
        using var client = provider.CreateClient("sk-first-key");

        foreach (var key in (ProviderKey[])[client.Keys[0], new("caller's", "sk-callers-key")])
        {
            var failure = await Assert.ThrowsAsync<RouterException>(() => client.WithKey(key).AskAsync(streaming));

            Assert.Equal(FailureKind.Unauthorized, failure.Kind);
            Assert.EndsWith("Bad key Bearer [redacted], not [redacted]", failure.Message, StringComparison.Ordinal);
            Assert.DoesNotContain("sk-", failure.ToString(), StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData(false, 200)]
    [InlineData(true, 200)]
    [InlineData(false, 429)]
    [InlineData(true, 503)]
    public async Task Limits_are_reported_from_every_response_that_states_any(bool streaming, int status)
    {
        await using var provider = await LoopbackProvider.StartAsync(context =>
        {
            context.Response.Headers["X-RateLimit-Remaining-Requests"] = "0";
            context.Response.Headers["x-ratelimit-reset-requests"] = "1m30s";
            return status != 200 ? LoopbackProvider.WriteAsync(context, status, "{}")
                : LoopbackProvider.IsStreamed(context) ? LoopbackProvider.WriteEventsAsync(context, Events)
                : LoopbackProvider.WriteAsync(context, 200, Whole);
        });
        using var client = provider.CreateClient("sk-first-key");
        var told = new Told();
        Assert.NotNull(client.GetService(typeof(IRateLimitSource)));

        var failure = await Record.ExceptionAsync(() =>
            client.WithKey(client.Keys[0]).AskAsync(streaming, options: new ChatOptions().WithRateLimitObserver(told)));

        Assert.Equal([new RateLimits { Requests = new(null, 0, TimeSpan.FromSeconds(90)) }], told.Limits);
        Assert.Equal(status == 429 ? TimeSpan.FromSeconds(90) : null, (failure as RouterException)?.RetryAfter);
        Assert.DoesNotContain("meairouter", provider.Request.Body, StringComparison.Ordinal);
    }

    [Theory, InlineData(false), InlineData(true)]
    public async Task Nobody_is_told_where_no_header_states_a_limit(bool streaming)
    {
        await using var provider = await LoopbackProvider.StartAsync(Whole, Events);
        using var client = provider.CreateClient();
        var told = new Told();

        await client.AskAsync(streaming, options: new ChatOptions().WithRateLimitObserver(told));

        Assert.Empty(told.Limits);
    }

    private static OpenAICompatibleChatClient Client(params string[] keys) => new(new OpenAICompatibleOptions
    {
        Provider = "acme", BaseUrl = new Uri("http://127.0.0.1:9/v1"), ApiKeys = keys,
    });

    private sealed class Told : IRateLimitObserver
    {
        public List<RateLimits> Limits { get; } = [];

        public void Observe(RateLimits limits) => Limits.Add(limits);
    }
}
