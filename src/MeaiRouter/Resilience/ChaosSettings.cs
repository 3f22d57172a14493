using MeaiRouter.Attempts;
using Polly;
using Polly.Simmy;
using Polly.Simmy.Fault;
using Polly.Simmy.Latency;

namespace MeaiRouter.Resilience;

/// <summary>Faults to be made up, each in some share of the calls.</summary>
internal sealed record ChaosSettings
{
    /// <summary>The share of calls that fail as if the provider had an internal error.</summary>
    public double FaultRate { get; init; }

    /// <summary>The share of calls that are delayed.</summary>
    public double LatencyRate { get; init; }

    /// <summary>By how much they are delayed.</summary>
    public TimeSpan Latency { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>The share of calls that end as if the provider had answered nothing.</summary>
    public double OutcomeRate { get; init; }

    /// <summary>Repeats the same faults in the same order; <see langword="null"/> for others each time.</summary>
    public int? Seed { get; init; }

    public void AddTo(ResiliencePipelineBuilder builder)
    {
        // Polly's outcomes are for pipelines with one type of result; what an empty answer comes to is a failure anyway.
        var random = RandomFor(builder.Name ?? "");
        AddFault(builder, FaultRate, FailureKind.ServerError, "Chaos: an internal error.", random);
        AddFault(builder, OutcomeRate, FailureKind.EmptyAnswer, "Chaos: an empty answer.", random);
        if (LatencyRate > 0)
            builder.AddChaosLatency(new ChaosLatencyStrategyOptions { InjectionRate = LatencyRate, Latency = Latency, Randomizer = random });
    }

    private static void AddFault(ResiliencePipelineBuilder builder, double rate, FailureKind kind, string message, Func<double> random)
    {
        if (rate == 0)
            return;

        builder.AddChaosFault(new ChaosFaultStrategyOptions
        {
            InjectionRate = rate,
            FaultGenerator = new FaultGenerator().AddException(() => new RouterException(kind, message)),
            Randomizer = random,
        });
    }

    // With one seed for all, endpoints would fail together, and none could stand in for another.
    private Func<double> RandomFor(string endpoint)
    {
        if (Seed is not { } seed)
            return Random.Shared.NextDouble;

        // FNV-1a: the same in every process, unlike a string's own hash.
        var hash = endpoint.Aggregate(2166136261u, static (hash, character) => unchecked((hash ^ character) * 16777619));
        var random = new Random(seed ^ unchecked((int)hash));
        var turn = new Lock();
        return () =>
        {
            lock (turn)
                return random.NextDouble();
        };
    }
}
