using MeaiRouter.Catalog;
using MeaiRouter.Costs;
using MeaiRouter.Endpoints;
using MeaiRouter.OpenAI;
using MeaiRouter.Pricing;
using MeaiRouter.Routing;
using MeaiRouter.Testing;
using Microsoft.Extensions.AI;

namespace MeaiRouter.Tests.EndToEnd;

/// <summary>The whole pipeline over real HTTP to two scripted providers, of which 'first' is always asked first.</summary>
internal sealed class TwoProviders : IAsyncDisposable
{
    public const string Model = "acme/small";

    // Longer than any answer takes on a busy machine: only silence may start the second attempt.
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    private TwoProviders(ScriptedProvider first, ScriptedProvider second, TimeSpan firstContent)
    {
        First = first;
        Second = second;
        Client = new EndpointChatClient(new Dictionary<string, IChatClient> { ["first"] = ClientOf(first), ["second"] = ClientOf(second) })
            .AsBuilder()
            .UseCostTracking(Ledger)
            .UseRouting(Catalog)
            .UseFallback(options => options.FirstContent = firstContent)
            .UseNormalization()
            .Build();
    }

    public ScriptedProvider First { get; }

    public ScriptedProvider Second { get; }

    public InMemoryLedger Ledger { get; } = new();

    public IChatClient Client { get; }

    public static ModelCatalog Catalog { get; } = new(
    [
        new Model(Model)
        {
            Endpoints =
            [
                new ModelEndpoint("first", "small-a") { Price = new Price { Prompt = 1, Completion = 2, CacheRead = 0.1m, CacheWrite = 1.25m, Reasoning = 3 } },
                new ModelEndpoint("second", "small-b") { Price = new Price { Prompt = 10, Completion = 20, CacheRead = 1, CacheWrite = 12.5m, Reasoning = 30 } },
            ],
        },
    ]);

    /// <param name="first">What the first provider does with every request.</param>
    /// <param name="second">What the second one does.</param>
    /// <param name="isSilent">Whether the first one shows no content, so that the test need not wait long for it.</param>
    public static async Task<TwoProviders> StartAsync(ScriptStep first, ScriptStep second, bool isSilent = false)
    {
        var providers = new TwoProviders(
            await ScriptedProvider.StartAsync("first"), await ScriptedProvider.StartAsync("second"), isSilent ? TimeSpan.FromMilliseconds(200) : Patience);
        providers.First.ForModel("small-a").Always(first);
        providers.Second.ForModel("small-b").Always(second);
        return providers;
    }

    public Task<ChatResponse> AskAsync(bool streaming, ChatOptions? options = null, CancellationToken cancellationToken = default)
    {
        options = Routed(options);
        return streaming
            ? Client.GetStreamingResponseAsync("Hello", options, cancellationToken).ToChatResponseAsync(cancellationToken)
            : Client.GetResponseAsync("Hello", options, cancellationToken);
    }

    public static ChatOptions Routed(ChatOptions? options = null)
    {
        options ??= new ChatOptions();
        options.ModelId = Model;
        return options.WithRouting(new RoutingPreferences { Order = ["first", "second"] });
    }

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        await First.DisposeAsync();
        await Second.DisposeAsync();
    }

    private static OpenAICompatibleChatClient ClientOf(ScriptedProvider provider) =>
        new(new OpenAICompatibleOptions { Provider = provider.Name, BaseUrl = provider.BaseUrl });
}
