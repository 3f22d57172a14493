using MeaiRouter.Catalog;
using MeaiRouter.Costs;
using MeaiRouter.Endpoints;
using MeaiRouter.Fallback;
using MeaiRouter.Health;
using MeaiRouter.Normalization;
using MeaiRouter.Pricing;
using MeaiRouter.Routing;
using Microsoft.Extensions.AI;

namespace MeaiRouter.Core.Tests.Fakes;

/// <summary>
/// The whole pipeline over fake providers <c>a</c>, <c>b</c>, <c>c</c>, ..., tried in that order: provider number n asks n dollars per
/// million tokens in and 10 n out for the model <see cref="ModelId"/>.
/// </summary>
internal static class TestPipeline
{
    public const string ModelId = "acme/large";

    public static IChatClient Of(params FakeChatClient[] providers) => With(null, null, null, providers);

    public static IChatClient With(ManualTimeProvider time, params FakeChatClient[] providers) => With(null, time, null, providers);

    /// <summary>The defaults without a hold, which would wait for a clock that only the test moves.</summary>
    public static FallbackOptions Unheld => new() { Hold = TimeSpan.Zero };

    public static IChatClient With(FallbackOptions? options, TimeProvider? time, ILedger? ledger, params FakeChatClient[] providers) =>
        new CostTrackingChatClient(
            new RouterChatClient(
                new FallbackChatClient(new NormalizingChatClient(Endpoint(providers)), options ?? Unheld, time),
                Catalog(providers.Length), RoutingAt(time), time),
            ledger, null, time);

    public static RoutingOptions Routing => new() { Strategy = new CheapestFirst(), DefaultModel = ModelId, NextSeed = () => 7 };

    /// <summary>The same, with health that lives by the given clock.</summary>
    public static RoutingOptions RoutingAt(TimeProvider? time)
    {
        var routing = Routing;
        routing.Health = new HealthBoard(time);
        return routing;
    }

    public static EndpointChatClient Endpoint(params FakeChatClient[] providers) =>
        new(providers.Select((client, i) => (Name: Name(i), Client: (IChatClient)client)).ToDictionary(p => p.Name, p => p.Client));

    public static ModelCatalog Catalog(int endpoints) => new([Model(endpoints)]);

    public static Model Model(int endpoints) => new(ModelId)
    {
        Endpoints = [.. Enumerable.Range(0, endpoints).Select(i => new ModelEndpoint(Name(i), $"large-{Name(i)}") { Price = Price(i) })],
    };

    public static Price Price(int index) => MeaiRouter.Pricing.Price.PerMillion(index + 1, 10 * (index + 1));

    private static string Name(int index) => ((char)('a' + index)).ToString();
}
