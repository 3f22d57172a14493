using BenchmarkDotNet.Attributes;
using Microsoft.Extensions.AI;

namespace MeaiRouter.Benchmarks;

/// <summary>The whole pipeline without budgets, with one, and with three of which two are for each user and provider.</summary>
public class BudgetBenchmarks
{
    private static readonly ChatOptions Options = new ChatOptions { ModelId = "m", MaxOutputTokens = 100 }.WithUser("bob");

    private readonly IChatClient _without = Pipelines.Of("all");
    private readonly IChatClient _one = Pipelines.Of("budgets");
    private readonly IChatClient _three = Pipelines.Of("budgets of each user and provider");

    /// <summary>No budgets.</summary>
    [Benchmark(Baseline = true)]
    public Task<ChatResponse> Without() => _without.GetResponseAsync(Pipelines.Messages, Options);

    /// <summary>A global budget.</summary>
    [Benchmark]
    public Task<ChatResponse> One() => _one.GetResponseAsync(Pipelines.Messages, Options);

    /// <summary>A global budget, one for each user and one for each provider.</summary>
    [Benchmark]
    public Task<ChatResponse> Three() => _three.GetResponseAsync(Pipelines.Messages, Options);
}
