using System.Buffers;
using MeaiRouter.Health;

namespace MeaiRouter.Routing;

/// <summary>Weighs price against speed and reliability, and draws in proportion to what comes out; after a failure again among the rest.</summary>
/// <remarks>
/// OpenRouter's default since 2026. The score of an endpoint is what the request would cost there, plus what the waiting is worth, times
/// what its errors and bad tool calls cost. Endpoints near the best score share most of the traffic, others little, none nothing.
/// Before anything is known of any of them price alone decides, so that the first requests go to the cheapest but for the exploration.
/// </remarks>
internal sealed class BalancedStrategy(BalancedOptions options) : IRoutingStrategy
{
    private const double PerMillion = 1e-6;

    // Beyond it a preference adds nothing to any share that a double could tell.
    private const double MostFolds = 40;

    // Scores are compared and drawn by, never settled: money becomes a number here and nowhere returns from it.
    private readonly double _secondScore = (double)options.UsdPerSecond;
    private readonly double _refusalScore = (double)options.RefusalUsdPerMillion * PerMillion;

    public string Name => "balanced";

    public void Order(Span<Candidate> candidates, in RouteRequest request)
    {
        if (candidates.Length < 2)
            return;

        Span<double> shares = candidates.Length <= 128 ? stackalloc double[candidates.Length] : new double[candidates.Length];
        Share(candidates, request, shares);
        CandidateOrder.Draw(candidates, shares, request.Seed);
    }

    /// <summary>The share of such requests that each candidate gets; together 1.</summary>
    internal void Share(ReadOnlySpan<Candidate> candidates, in RouteRequest request, Span<double> shares)
    {
        if (candidates.Length <= 32)
        {
            Share(candidates, request, shares, stackalloc Traffic[candidates.Length]);
            return;
        }

        var rented = ArrayPool<Traffic>.Shared.Rent(candidates.Length);
        Share(candidates, request, shares, rented.AsSpan(0, candidates.Length));
        ArrayPool<Traffic>.Shared.Return(rented);
    }

    private void Share(ReadOnlySpan<Candidate> candidates, in RouteRequest request, Span<double> shares, Span<Traffic> traffic)
    {
        for (var i = 0; i < traffic.Length; i++)
            traffic[i] = candidates[i].Health.RecentTraffic;

        Score(candidates, traffic, request, shares);
        var best = Math.Max(Min(shares), double.Epsilon);

        var sum = 0.0;
        for (var i = 0; i < shares.Length; i++)
        {
            var distance = ((shares[i] / best) - 1) / (options.CompetitiveEdge - 1);
            shares[i] = Preference(distance) * Limit(candidates[i].Health, traffic[i], request);
            sum += shares[i];
        }

        var even = 1.0 / shares.Length;
        for (var i = 0; i < shares.Length; i++)
            shares[i] = sum > 0 ? ((1 - options.Exploration) * shares[i] / sum) + (options.Exploration * even) : even;
    }

    private void Score(ReadOnlySpan<Candidate> candidates, ReadOnlySpan<Traffic> traffic, in RouteRequest request, Span<double> scores)
    {
        var prompt = request.PromptTokens > 0 ? request.PromptTokens : options.AssumedPromptTokens;
        var output = request.OutputTokens > 0 ? request.OutputTokens : options.AssumedOutputTokens;
        var typical = EndpointRates.Typical(traffic, options);
        var secondScore = _secondScore * Known(traffic);

        // Unpriced is never cheap: such an endpoint costs what the dearest one does.
        var dearest = 0.0;
        foreach (ref readonly var candidate in candidates)
        {
            if (candidate.Weights is { } price)
                dearest = Math.Max(dearest, PriceScore(price, prompt, output, typical.CachedShare));
        }

        for (var i = 0; i < scores.Length; i++)
        {
            var rates = traffic[i].IsNone ? typical : EndpointRates.Of(traffic[i], typical, options);
            var expense = candidates[i].Weights is { } price ? PriceScore(price, prompt, output, rates.CachedShare) : dearest;
            var waiting = secondScore * ((output * rates.SecondsPerToken) + rates.SecondsToFirstContent);
            var refusals = _refusalScore * rates.RefusalRate * (prompt + output);

            // Waiting is multiplied too, so that errors of a free endpoint count.
            var trouble = 1 + (options.ErrorMultiple * rates.ErrorRate) + (request.HasTools ? options.BadToolCallMultiple * rates.BadToolCallRate : 0);
            scores[i] = ((expense + waiting) * trouble) + refusals;
        }
    }

    // A wait that nobody has measured, assumed to be the same everywhere, would only hide how far the prices are apart.
    private double Known(ReadOnlySpan<Traffic> traffic)
    {
        var settled = 0.0;
        foreach (ref readonly var own in traffic)
            settled += own.Answered + own.Failed;
        return settled > 0 ? settled / (settled + options.RequestsToKnow) : 0;
    }

    private static double PriceScore(PriceWeights price, long prompt, long output, double cachedShare)
    {
        var tokens = (prompt * (price.Prompt + (cachedShare * (price.CacheRead - price.Prompt)))) + (output * price.Completion);
        return (tokens * PerMillion) + price.Request;
    }

    // Falls slowly up to the edge, where the distance is 1, and fast beyond it.
    private double Preference(double distance)
    {
        var bend = (options.SlopeOutside - options.SlopeInside) * options.EdgeWidth;
        var folds = (options.SlopeInside * distance) + (bend * Softplus((distance - 1) / options.EdgeWidth));
        return folds < MostFolds ? Math.Exp(-folds) : 0;
    }

    private double Limit(EndpointHealth health, in Traffic traffic, in RouteRequest request)
    {
        if (traffic.IsNone)
            return 1;

        if (request.HasTools && traffic.ToolAnswers >= options.ToolAnswersToJudge
            && traffic.BadToolAnswers >= options.BrokenToolCallShare * traffic.ToolAnswers)
        {
            return 0;
        }

        var backsOff = health.SinceRateLimit < options.Backoff
            || (traffic.Answered >= options.RequestsToKnow
                && health.AverageLatency > options.LatencyJump * traffic.LatencySeconds / traffic.Answered);
        return health.BearableShare * (backsOff ? options.BackoffShare : 1);
    }

    private static double Softplus(double x) => x > 30 ? x : Math.Log(1 + Math.Exp(x));

    private static double Min(ReadOnlySpan<double> values)
    {
        var min = double.PositiveInfinity;
        foreach (var value in values)
            min = Math.Min(min, value);
        return min;
    }
}
