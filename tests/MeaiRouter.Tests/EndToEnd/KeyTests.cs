using System.Collections.Concurrent;
using MeaiRouter.Attempts;
using MeaiRouter.Catalog;
using MeaiRouter.Costs;
using MeaiRouter.Endpoints;
using MeaiRouter.OpenAI;
using MeaiRouter.Routing;
using MeaiRouter.Testing;
using Microsoft.Extensions.AI;

namespace MeaiRouter.Tests.EndToEnd;

/// <summary>Several keys of one provider over real HTTP. Its two endpoints of the model share their quota and keys.</summary>
public sealed class KeyTests : IAsyncLifetime
{
    private const string First = "sk-first-secret-key";
    private const string Second = "sk-second-secret-key";

    private readonly InMemoryLedger _ledger = new();
    private ScriptedProvider _acme = null!;
    private IChatClient _client = null!;

    public async Task InitializeAsync()
    {
        _acme = await ScriptedProvider.StartAsync("acme");
        _client = Client(new OpenAICompatibleChatClient(new() { Provider = "acme", BaseUrl = _acme.BaseUrl, ApiKeys = [First, Second] }));
    }

    public async Task DisposeAsync()
    {
        _client.Dispose();
        await _acme.DisposeAsync();
    }

    [Theory, InlineData(false), InlineData(true)]
    public async Task A_bad_key_rests_alone_and_the_good_one_serves_all(bool streaming)
    {
        _acme.RequireKey(Second);
        _acme.ForModel("small-v1").Always(Reply.Text("Hello"));

        var answers = new List<ChatResponse>();
        for (var i = 0; i < 8; i++)
            answers.Add(await AskAsync(streaming));

        Assert.All(answers, answer => Assert.Equal("Hello", answer.Text));
        Assert.Equal([First, .. Enumerable.Repeat(Second, 8)], KeysUsed());
        Assert.Equal(
            ["key 1 Unauthorized", "key 2"],
            answers[0].GetRouteTrace()!.Attempts.Select(attempt => $"{attempt.KeyName} {attempt.Failure?.Kind}".TrimEnd()));
        Assert.All(answers[1..], answer => Assert.Equal("key 2", Assert.Single(answer.GetRouteTrace()!.Attempts).KeyName));
    }

    [Theory, InlineData(false), InlineData(true)]
    public async Task A_429_on_one_key_moves_to_the_next_key_at_once(bool streaming)
    {
        _acme.ForModel("small-v1").Always(Reply.From(request =>
            KeyOf(request) == First ? Fault.RateLimited(TimeSpan.FromSeconds(60)) : Reply.Text("Hello")));

        for (var i = 0; i < 5; i++)
            Assert.Equal("Hello", (await AskAsync(streaming)).Text);

        Assert.Equal([First, .. Enumerable.Repeat(Second, 5)], KeysUsed());
    }

    [Theory, InlineData(false), InlineData(true)]
    public async Task A_key_whose_last_request_is_used_rests_before_any_429(bool streaming)
    {
        _acme.ForModel("small-v1").Always(Reply.From(request => KeyOf(request) == First
            ? Reply.Text("Hello").WithHeader("x-ratelimit-remaining-requests", "0").WithHeader("x-ratelimit-reset-requests", "1m0s")
            : Reply.Text("Hello").WithHeader("x-ratelimit-remaining-requests", "99").WithHeader("x-ratelimit-reset-requests", "1s")));

        for (var i = 0; i < 5; i++)
            Assert.Equal("Hello", (await AskAsync(streaming)).Text);

        Assert.Equal([First, .. Enumerable.Repeat(Second, 4)], KeysUsed());
    }

    [Theory, InlineData(false), InlineData(true)]
    public async Task Many_at_once_lose_no_answer_to_a_dead_key(bool streaming)
    {
        _acme.RequireKey(Second);
        _acme.ForModel("small-v1").Always(Reply.Text("Hello"));
        await AskAsync(streaming);

        var answers = await Task.WhenAll(Enumerable.Range(0, 50).Select(_ => AskAsync(streaming)));

        Assert.All(answers, answer => Assert.Equal("Hello", answer.Text));
        Assert.Equal(1, KeysUsed().Count(key => key == First));
    }

    [Theory, InlineData(false), InlineData(true)]
    public async Task No_key_shows_in_what_is_thrown_traced_or_kept(bool streaming)
    {
        _acme.ForModel("small-v1").Always(Reply.From(request =>
            Fault.Status(401, "invalid_api_key", $"Incorrect API key: {KeyOf(request)}, or was it {First} or {Second}?")));

        var failure = await Assert.ThrowsAsync<RouterException>(() => AskAsync(streaming));

        string[] told = [failure.ToString(), .. failure.Attempts.Select(attempt => $"{attempt.KeyName} {attempt.Failure}"), $"{Assert.Single(_ledger.Records)}"];
        Assert.Contains("[redacted]", failure.Attempts[0].Failure!.Message, StringComparison.Ordinal);
        Assert.All(told, text => Assert.DoesNotContain("secret", text, StringComparison.Ordinal));
    }

    [Theory, InlineData(false), InlineData(true)]
    public async Task A_borrowed_client_rotates_its_keys_by_their_health_too(bool streaming)
    {
        _acme.RequireKey(Second);
        _acme.ForModel("small-v1").Always(Reply.Text("Hello"));
        using var own = new OpenAICompatibleChatClient(new() { Provider = "acme", BaseUrl = _acme.BaseUrl, ApiKeys = [First, Second] });
        var borrowed = new MeaiRouter.Registration.BorrowedChatClient(own);
        using var client = Client(borrowed);

        await AskAsync(streaming, client);
        await AskAsync(streaming, client);
        await AskAsync(streaming, client);

        Assert.Equal([First, Second, Second, Second], KeysUsed());
    }

    private IChatClient Client(IChatClient provider)
    {
        ModelEndpoint Endpoint(string tag) => new("acme", "small-v1") { Tag = tag, QuotaDomain = "acme", Price = Pricing.Price.PerMillion(1, 2) };
        var catalog = new ModelCatalog([new Model("small") { Endpoints = [Endpoint("acme/a"), Endpoint("acme/b")] }]);
        return new EndpointChatClient(new Dictionary<string, IChatClient> { ["acme"] = provider })
            .AsBuilder()
            .UseCostTracking(_ledger)
            .UseRouting(catalog, options => options.Affinity = new() { Enabled = false })
            .UseFallback()
            .UseNormalization()
            .Build();
    }

    private Task<ChatResponse> AskAsync(bool streaming, IChatClient? client = null)
    {
        var options = new ChatOptions { ModelId = "small" };
        return streaming
            ? (client ?? _client).GetStreamingResponseAsync("Hello", options).ToChatResponseAsync()
            : (client ?? _client).GetResponseAsync("Hello", options);
    }

    private string[] KeysUsed() => [.. _acme.Requests.Select(KeyOf)];

    private static string KeyOf(ReceivedRequest request) => request.Headers["Authorization"]["Bearer ".Length..];
}
