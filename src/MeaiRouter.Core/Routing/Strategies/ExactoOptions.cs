namespace MeaiRouter.Routing;

/// <summary>When the strategy <c>exacto</c> believes its measurements, and what it takes for bad. The defaults are OpenRouter's.</summary>
public sealed record ExactoOptions
{
    /// <summary>Answers in half an hour before an endpoint's throughput is believed.</summary>
    /// <value>Default: 100.</value>
    public int AnswersForThroughput { get; init; } = 100;

    /// <summary>Answers with tool calls in two hours before an endpoint's tool calls are judged.</summary>
    /// <value>Default: 200.</value>
    public int ToolAnswers { get; init; } = 200;

    /// <summary>Endpoints with a believed measurement below which none is held against any.</summary>
    /// <value>Default: 4.</value>
    public int Peers { get; init; } = 4;

    /// <summary>Standard deviations below the median from which throughput is bad.</summary>
    /// <value>Default: 1.5.</value>
    public double ThroughputDeviations { get; init; } = 1.5;

    /// <summary>Standard deviations below the median from which the share of valid tool calls is bad.</summary>
    /// <value>Default: 2.</value>
    public double ToolCallDeviations { get; init; } = 2;

    /// <summary>
    /// The score of an endpoint in a benchmark of tool calling, the higher the better; <see langword="null"/> for one that was not measured. It is
    /// asked for every endpoint of every request, and must answer at once.
    /// </summary>
    /// <value>Default: <see langword="null"/>, no benchmark.</value>
    public Func<Catalog.Model, Catalog.ModelEndpoint, double?>? Benchmark { get; init; }

    /// <summary>Standard deviations below the median from which a benchmark's score is bad.</summary>
    /// <value>Default: 2.</value>
    public double BenchmarkDeviations { get; init; } = 2;

    /// <summary>The least a standard deviation is taken for, as a part of the median, so that equals are not told apart by noise.</summary>
    /// <value>Default: 0.01.</value>
    public double LeastDeviation { get; init; } = 0.01;
}
