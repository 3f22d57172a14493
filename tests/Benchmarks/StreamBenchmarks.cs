using BenchmarkDotNet.Attributes;
using Microsoft.Extensions.AI;

namespace MeaiRouter.Benchmarks;

/// <summary>A stream of 100 updates; the costs of a single update are the differences divided by 100.</summary>
public class StreamBenchmarks
{
    private const int Updates = 100;

    private readonly IChatClient _none = Pipelines.Of("none", Updates);
    private readonly IChatClient _all = Pipelines.Of("all", Updates);
    private readonly IChatClient _unguarded = Pipelines.Of("unguarded", Updates);

    /// <summary>The client in memory.</summary>
    [Benchmark(Baseline = true)]
    public Task<int> None() => CountAsync(_none);

    /// <summary>The whole pipeline.</summary>
    [Benchmark]
    public Task<int> Pipeline() => CountAsync(_all);

    /// <summary>The whole pipeline without what guards a stream that breaks: no hold, no record of what the caller has.</summary>
    [Benchmark]
    public Task<int> Unguarded() => CountAsync(_unguarded);

    private static async Task<int> CountAsync(IChatClient client)
    {
        var count = 0;
        await foreach (var update in client.GetStreamingResponseAsync(Pipelines.Messages, Pipelines.Options).ConfigureAwait(false))
            count += update.Contents.Count;
        return count;
    }
}
