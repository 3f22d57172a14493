using BenchmarkDotNet.Attributes;
using MeaiRouter.Routing;
using Microsoft.Extensions.AI;

namespace MeaiRouter.Benchmarks;

/// <summary>Routing alone, over catalogues of different sizes: the number of models must not matter.</summary>
public class PlanningBenchmarks
{
    private RouterChatClient _router = null!;

    /// <summary>Models in the catalogue.</summary>
    [Params(10, 10_000)]
    public int Models { get; set; }

    /// <summary>Endpoints of the model asked for.</summary>
    [Params(1, 10, 100)]
    public int Endpoints { get; set; }

    /// <summary>Builds the catalogue.</summary>
    [GlobalSetup]
    public void Setup() => _router = new RouterChatClient(Pipelines.Of("none"), Pipelines.CatalogOf(Models, Endpoints));

    /// <summary>Disposes the router.</summary>
    [GlobalCleanup]
    public void Cleanup() => _router.Dispose();

    /// <summary>One decision and the call that follows it.</summary>
    [Benchmark]
    public Task<ChatResponse> Route() => _router.GetResponseAsync(Pipelines.Messages, Pipelines.Options);
}
