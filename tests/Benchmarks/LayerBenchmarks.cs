using BenchmarkDotNet.Attributes;
using Microsoft.Extensions.AI;

namespace MeaiRouter.Benchmarks;

/// <summary>A whole answer through each layer alone and through all of them.</summary>
public class LayerBenchmarks
{
    private readonly IChatClient _none = Pipelines.Of("none");
    private readonly IChatClient _cost = Pipelines.Of("cost");
    private readonly IChatClient _routing = Pipelines.Of("routing");
    private readonly IChatClient _fallback = Pipelines.Of("fallback");
    private readonly IChatClient _normalization = Pipelines.Of("normalization");
    private readonly IChatClient _all = Pipelines.Of("all");

    /// <summary>The client in memory.</summary>
    [Benchmark(Baseline = true)]
    public Task<ChatResponse> None() => _none.GetResponseAsync(Pipelines.Messages, Pipelines.Options);

    /// <summary>Cost tracking alone.</summary>
    [Benchmark]
    public Task<ChatResponse> CostTracking() => _cost.GetResponseAsync(Pipelines.Messages, Pipelines.Options);

    /// <summary>Routing alone.</summary>
    [Benchmark]
    public Task<ChatResponse> Routing() => _routing.GetResponseAsync(Pipelines.Messages, Pipelines.Options);

    /// <summary>Fallback alone.</summary>
    [Benchmark]
    public Task<ChatResponse> Fallback() => _fallback.GetResponseAsync(Pipelines.Messages, Pipelines.Options);

    /// <summary>Normalization alone.</summary>
    [Benchmark]
    public Task<ChatResponse> Normalization() => _normalization.GetResponseAsync(Pipelines.Messages, Pipelines.Options);

    /// <summary>The whole pipeline.</summary>
    [Benchmark]
    public Task<ChatResponse> Pipeline() => _all.GetResponseAsync(Pipelines.Messages, Pipelines.Options);
}
