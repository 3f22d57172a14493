namespace MeaiRouter.Routing;

/// <summary>Endpoints that call tools well first, then those of which too little is known, then those that fall behind their peers.</summary>
/// <remarks>
/// OpenRouter's Auto Exacto: an endpoint falls behind if its throughput, the share of its valid tool calls or, where one is given, its score in
/// a benchmark lies far below the median of its peers. Within each tier the order is that of <c>price-weighted</c>.
/// </remarks>
internal sealed class ExactoStrategy(ExactoOptions options) : IRoutingStrategy
{
    private const double Good = 0;
    private const double Unknown = 1;
    private const double Behind = 2;

    // Of a normal distribution: standard deviation over median absolute deviation.
    private const double DeviationOfMad = 1.4826;

    public string Name => "exacto";

    public void Order(Span<Candidate> candidates, in RouteRequest request)
    {
        RoutingStrategies.PriceWeighted.Order(candidates, request);

        var throughputs = new double?[candidates.Length];
        var validities = new double?[candidates.Length];
        var benchmarks = new double?[candidates.Length];
        for (var i = 0; i < candidates.Length; i++)
        {
            var recent = candidates[i].Health.HalfHourOfTraffic;
            var tools = candidates[i].Health.TwoHoursOfTraffic;
            throughputs[i] = recent.Measured >= options.AnswersForThroughput ? recent.OutputTokens / recent.Seconds : null;
            validities[i] = tools.ToolAnswers >= options.ToolAnswers ? 1 - (tools.BadToolAnswers / tools.ToolAnswers) : null;
            benchmarks[i] = options.Benchmark?.Invoke(candidates[i].Model, candidates[i].Endpoint);
        }

        var leastThroughput = Cutoff(throughputs, options.ThroughputDeviations);
        var leastValidity = Cutoff(validities, options.ToolCallDeviations);
        var leastBenchmark = Cutoff(benchmarks, options.BenchmarkDeviations);
        var tiers = new double[candidates.Length];
        for (var i = 0; i < tiers.Length; i++)
        {
            if (throughputs[i] < leastThroughput || validities[i] < leastValidity || benchmarks[i] < leastBenchmark)
                tiers[i] = Behind;
            else
                tiers[i] = throughputs[i] is null || validities[i] is null || (options.Benchmark is not null && benchmarks[i] is null) ? Unknown : Good;
        }

        CandidateOrder.ByScore(candidates, tiers);
    }

    private double? Cutoff(double?[] values, double deviations)
    {
        var known = values.OfType<double>().ToArray();
        if (known.Length < options.Peers)
            return null;

        var median = Median(known);
        var deviation = DeviationOfMad * Median([.. known.Select(value => Math.Abs(value - median))]);
        return median - (deviations * Math.Max(deviation, options.LeastDeviation * median));
    }

    private static double Median(double[] values)
    {
        Array.Sort(values);
        var middle = values.Length / 2;
        return values.Length % 2 == 1 ? values[middle] : (values[middle - 1] + values[middle]) / 2;
    }
}
