using BenchmarkDotNet.Attributes;
using MeaiRouter.Routing;

namespace MeaiRouter.Benchmarks;

/// <summary>Routing alone, over catalogues of different sizes: the number of models must not matter.</summary>
public class PlanningBenchmarks
{
    private RouterChatClient _router = null!;

    /// <summary>Models in the catalogue.</summary>
    [Params(10, 100, 1_000, 10_000)]
    public int Models { get; set; }

    /// <summary>Endpoints of the model asked for.</summary>
    [Params(1, 10, 100)]
    public int Endpoints { get; set; }

    /// <summary>The strategy that orders them.</summary>
    [Params("balanced", "price-weighted", "price")]
    public string Strategy { get; set; } = "";

    /// <summary>Builds the catalogue.</summary>
    [GlobalSetup]
    public void Setup() => _router = new RouterChatClient(
        Pipelines.Of("none"), Pipelines.CatalogOf(Models, Endpoints), new RoutingOptions { Strategy = RoutingStrategies.Find(Strategy)! });

    /// <summary>Disposes the router.</summary>
    [GlobalCleanup]
    public void Cleanup() => _router.Dispose();

    /// <summary>One decision.</summary>
    [Benchmark]
    public RoutePlan Plan() => _router.Explain(Pipelines.Messages, Pipelines.Options);
}
