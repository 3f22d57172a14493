using MeaiRouter.Health;

namespace MeaiRouter.Routing;

/// <summary>What health makes of a strategy's order: nobody is removed, but whoever is in trouble stands back.</summary>
/// <remarks>
/// Normal endpoints first, among them the share of the others' requests with which they can show that they are well again, then degraded
/// ones and those recovering whose turn it is not, then ones that are down, and last those whose
/// breaker is open or whose quota is exhausted, the one that recovers soonest before the others. If all are of that last kind, it is
/// tried first: better than nothing. A half-open endpoint comes first for exactly one request, its probe, and last for all others until
/// the probe has ended.
/// </remarks>
internal static class HealthOrder
{
    private const double Probe = -1;
    private const double Normal = 0;
    private const double Degraded = 1;
    private const double Down = 2;
    private const double Unavailable = 3;

    /// <summary>Applies health to the order a strategy has made. Not for an order the caller has given himself.</summary>
    /// <param name="candidates">The endpoints of one model.</param>
    /// <param name="request">What is known of the request; whether it may probe, and the seed of the recovering endpoints' turns.</param>
    public static void Apply(Span<Candidate> candidates, in RouteRequest request)
    {
        if (!AnyInTrouble(candidates))
            return;

        var random = new SeededRandom(request.Seed);
        var mayProbe = request.MayProbe && candidates.Length > 1;
        Span<double> ranks = candidates.Length <= 128 ? stackalloc double[candidates.Length] : new double[candidates.Length];
        for (var i = 0; i < candidates.Length; i++)
        {
            ranks[i] = Rank(candidates[i].Health, mayProbe, random.NextDouble());
            mayProbe &= ranks[i] >= Normal;
        }

        CandidateOrder.ByScore(candidates, ranks);
    }

    /// <summary>Where an endpoint stands: the lower, the earlier. Claims the probe of a half-open endpoint, which then comes first.</summary>
    /// <param name="health">The endpoint's health.</param>
    /// <param name="mayProbe">Whether the request may probe an endpoint that may have recovered.</param>
    /// <param name="draw">A number in [0, 1) that decides whether it is a recovering endpoint's turn.</param>
    public static double Rank(EndpointHealth health, bool mayProbe, double draw)
    {
        if (!health.MayBeTroubled)
            return Normal;

        var wait = health.AvailableIn;
        if (wait > TimeSpan.Zero)
            return Unavailable + wait.TotalSeconds;
        if (health.Breaker == BreakerState.HalfOpen)
            return mayProbe && health.TryClaimProbe() ? Probe : Unavailable;

        return health.Uptime switch
        {
            UptimeClass.Down when draw >= health.SecondChance => Down,
            UptimeClass.Degraded when draw >= health.SecondChance => Degraded,
            _ => draw < health.RecoveryShare ? Normal : Degraded,
        };
    }

    private static bool AnyInTrouble(ReadOnlySpan<Candidate> candidates)
    {
        foreach (ref readonly var candidate in candidates)
        {
            if (candidate.Health.MayBeTroubled)
                return true;
        }

        return false;
    }
}
