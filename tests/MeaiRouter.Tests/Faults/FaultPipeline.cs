using System.Text.Json;
using MeaiRouter.Catalog;
using MeaiRouter.Costs;
using MeaiRouter.Endpoints;
using MeaiRouter.Fallback;
using MeaiRouter.Health;
using MeaiRouter.OpenAI;
using MeaiRouter.Pricing;
using MeaiRouter.Routing;
using MeaiRouter.Testing;
using Microsoft.Extensions.AI;

namespace MeaiRouter.Tests.Faults;

/// <summary>The whole pipeline in this process, over sockets to two scripted providers of which 'first' is always asked first.</summary>
internal sealed class FaultPipeline : IAsyncDisposable
{
    private static readonly Model Small = new("acme/small")
    {
        ContextLength = 131_072,
        Endpoints =
        [
            new ModelEndpoint("first", "small-1") { Price = new Price { Prompt = 1, Completion = 2, Reasoning = 3 } },
            new ModelEndpoint("second", "small-2") { Price = new Price { Prompt = 10, Completion = 20, Reasoning = 30 } },
        ],
    };

    private readonly HealthBoard _health = new();

    private FaultPipeline(ScriptedProvider first, ScriptedProvider second, Action<FallbackOptions> configure)
    {
        First = first;
        Second = second;
        Client = new EndpointChatClient(new Dictionary<string, IChatClient> { ["first"] = ClientOf(first), ["second"] = ClientOf(second) })
            .AsBuilder()
            .UseCostTracking(Ledger)
            .UseRouting(new ModelCatalog([Small]), options => options.Health = _health)
            .UseFallback(configure)
            .UseNormalization()
            .Build();
    }

    public ScriptedProvider First { get; }

    public ScriptedProvider Second { get; }

    public InMemoryLedger Ledger { get; } = new(10_000);

    public IChatClient Client { get; }

    public static Price FirstPrice => Small.Endpoints[0].Price!;

    public static Price SecondPrice => Small.Endpoints[1].Price!;

    public HealthSnapshot FirstHealth => _health.For(Small, Small.Endpoints[0]).Snapshot();

    public HealthSnapshot SecondHealth => _health.For(Small, Small.Endpoints[1]).Snapshot();

    public static async Task<FaultPipeline> StartAsync(ScriptStep first, ScriptStep second, Action<FallbackOptions> configure)
    {
        var pipeline = new FaultPipeline(await ScriptedProvider.StartAsync("first"), await ScriptedProvider.StartAsync("second"), configure);
        pipeline.First.ForModel("small-1").Always(first);
        pipeline.Second.ForModel("small-2").Always(second);
        return pipeline;
    }

    /// <summary>Asks and takes down what comes, up to the end or the exception.</summary>
    public async Task<(Heard Heard, ChatFinishReason? Finish, RouteTrace? Trace, Exception? Failure)> AskAsync(
        bool streaming, string prompt = FaultTable.Prompt)
    {
        var options = new ChatOptions { ModelId = Small.Id }.WithRouting(new RoutingPreferences { Order = ["first", "second"] });
        var updates = new List<ChatResponseUpdate>();
        try
        {
            if (!streaming)
            {
                var response = await Client.GetResponseAsync(prompt, options);
                return (HeardOf(response.Messages.SelectMany(message => message.Contents)), response.FinishReason, response.GetRouteTrace(), null);
            }

            await foreach (var update in Client.GetStreamingResponseAsync(prompt, options))
                updates.Add(update);
            var whole = updates.ToChatResponse();
            return (HeardOf(updates.SelectMany(update => update.Contents)), whole.FinishReason, whole.GetRouteTrace(), null);
        }
        catch (Exception failure)
        {
            return (HeardOf(updates.SelectMany(update => update.Contents)), null, null, failure);
        }
    }

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        await First.DisposeAsync();
        await Second.DisposeAsync();
    }

    private static OpenAICompatibleChatClient ClientOf(ScriptedProvider provider) =>
        new(new OpenAICompatibleOptions { Provider = provider.Name, BaseUrl = provider.BaseUrl, ApiKeys = [$"key-of-{provider.Name}"] });

    private static Heard HeardOf(IEnumerable<AIContent> contents)
    {
        var all = contents.ToList();
        return new Heard(
            string.Concat(all.OfType<TextReasoningContent>().Select(content => content.Text)),
            string.Concat(all.OfType<TextContent>().Select(content => content.Text)),
            string.Join("; ", all.OfType<FunctionCallContent>().Select(call => $"{call.CallId} {call.Name} {JsonSerializer.Serialize(call.Arguments)}")));
    }
}
