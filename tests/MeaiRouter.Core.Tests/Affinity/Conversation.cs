using MeaiRouter.Attempts;
using MeaiRouter.Catalog;
using MeaiRouter.Core.Tests.Fakes;
using MeaiRouter.Costs;
using MeaiRouter.Fallback;
using MeaiRouter.Normalization;
using MeaiRouter.Pricing;
using MeaiRouter.Routing;
using Microsoft.Extensions.AI;

namespace MeaiRouter.Core.Tests.Affinity;

/// <summary>
/// A pipeline over endpoints with a prompt cache, named <c>a</c>, <c>b</c>, ..., and a switch that decides which of them the strategy puts first.
/// </summary>
internal sealed class Conversation : IDisposable
{
    public const string ModelId = "acme/large";

    private readonly Leading _leading = new();
    private readonly CostTrackingChatClient _pipeline;

    public Conversation(params Endpoint[] endpoints)
        : this(_ => { }, endpoints)
    {
    }

    public Conversation(Action<RoutingOptions> configure, params Endpoint[] endpoints)
    {
        var options = new RoutingOptions { Strategy = _leading, DefaultModel = ModelId, NextSeed = () => 7 };
        configure(options);
        var clients = endpoints.Select(endpoint => endpoint.Client).Distinct().ToDictionary(
            client => endpoints.First(endpoint => endpoint.Client == client).Tag, IChatClient (client) => client);
        var models = endpoints.GroupBy(endpoint => endpoint.Model).Select(group => new Model(group.Key)
        {
            Endpoints = [.. group.Select(endpoint => new ModelEndpoint(endpoint.Tag, "v1") { Price = endpoint.Price })],
        });
        _pipeline = new CostTrackingChatClient(
            new RouterChatClient(
                new FallbackChatClient(new NormalizingChatClient(new MeaiRouter.Endpoints.EndpointChatClient(clients)), null, Time),
                new ModelCatalog(models), options, Time),
            new InMemoryLedger(), null, Time);
    }

    public ManualTimeProvider Time { get; } = new();

    /// <summary>The tag of the endpoint that the strategy puts first; the others follow in the catalogue's order.</summary>
    public string First
    {
        set => _leading.Tag = value;
    }

    public Task<ChatResponse> AskAsync(bool streaming, ChatOptions? options = null, params ChatMessage[] messages)
    {
        ChatMessage[] asked = messages.Length > 0 ? messages : [new(ChatRole.System, "Be brief."), new(ChatRole.User, "Hello")];
        return (streaming
            ? _pipeline.GetStreamingResponseAsync(asked, options).ToChatResponseAsync()
            : _pipeline.GetResponseAsync(asked, options)).Soon();
    }

    /// <summary>Asks, and says which endpoint answered.</summary>
    public async Task<string> AnswererAsync(bool streaming, ChatOptions? options = null, params ChatMessage[] messages) =>
        (await AskAsync(streaming, options, messages)).Trace().Answer!.Endpoint!.Tag;

    public IAsyncEnumerable<ChatResponseUpdate> StreamAsync(ChatOptions? options, params ChatMessage[] messages) =>
        _pipeline.GetStreamingResponseAsync(messages, options);

    public void Dispose() => _pipeline.Dispose();

    public static ChatOptions Session(string id = "s-1") => new ChatOptions().WithSessionId(id);

    public static UsageDetails Usage(long input, long output, long cached = 0, long written = 0, long writtenForAnHour = 0)
    {
        var usage = new UsageDetails { InputTokenCount = input, OutputTokenCount = output, TotalTokenCount = input + output };
        if (cached > 0)
            usage.CachedInputTokenCount = cached;
        if (written > 0)
            (usage.AdditionalCounts ??= [])[UsageCounts.CacheWrite] = written;
        if (writtenForAnHour > 0)
            (usage.AdditionalCounts ??= [])[UsageCounts.CacheWrite1h] = writtenForAnHour;
        return usage;
    }

    /// <summary>Three dollars in, fifteen out, a tenth of the prompt's price for what the cache holds.</summary>
    public static Price CachingPrice { get; } = new() { Prompt = 3, Completion = 15, CacheRead = 0.3m, CacheWrite = 3.75m, CacheWrite1h = 6 };

    /// <summary>An endpoint that always answers, with the given usage.</summary>
    public static Endpoint Answering(string tag, UsageDetails? usage = null, Price? price = null, string model = ModelId) =>
        new(tag, FakeChatClient.Answering("Hi.", usage ?? Usage(1000, 100)), price ?? CachingPrice, model);

    public static Endpoint Playing(string tag, params Step[][] answers) => new(tag, new FakeChatClient(answers), CachingPrice, ModelId);

    public static Exception Down => new RouterException(FailureKind.Unavailable, "Down.") { Status = 503 };

    internal sealed record Endpoint(string Tag, FakeChatClient Client, Price? Price, string Model);

    private sealed class Leading : IRoutingStrategy
    {
        public string? Tag { get; set; }

        public string Name => "leading";

        public void Order(Span<Candidate> candidates, in RouteRequest request)
        {
            for (var i = 1; i < candidates.Length; i++)
            {
                if (candidates[i].Endpoint.Tag != Tag)
                    continue;

                var leader = candidates[i];
                candidates[..i].CopyTo(candidates[1..]);
                candidates[0] = leader;
            }
        }
    }
}
