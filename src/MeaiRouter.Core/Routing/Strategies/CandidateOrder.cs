namespace MeaiRouter.Routing;

/// <summary>Puts candidates into the order of a number.</summary>
internal static class CandidateOrder
{
    private const int OnStack = 64;

    /// <summary>Lowest score first; equal ones stay in the order they are in.</summary>
    public static void ByScore(Span<Candidate> candidates, Func<Candidate, double> score)
    {
        Span<double> scores = candidates.Length <= OnStack ? stackalloc double[candidates.Length] : new double[candidates.Length];
        for (var i = 0; i < candidates.Length; i++)
            scores[i] = score(candidates[i]);
        ByScore(candidates, scores);
    }

    /// <summary>Lowest score first; equal ones stay in the order they are in.</summary>
    public static void ByScore(Span<Candidate> candidates, ReadOnlySpan<double> scores)
    {
        if (IsSorted(scores))
            return;

        Span<(double Score, int Index)> keys = candidates.Length <= OnStack
            ? stackalloc (double, int)[candidates.Length]
            : new (double, int)[candidates.Length];
        for (var i = 0; i < keys.Length; i++)
            keys[i] = (scores[i], i);
        keys.Sort(candidates);
    }

    /// <summary>Draws one after the other, each time in proportion to the weights of those not yet drawn; weight zero comes last.</summary>
    public static void Draw(Span<Candidate> candidates, ReadOnlySpan<double> weights, ulong seed)
    {
        // Efraimidis and Spirakis 2006: exponential times with the weights as rates end in the order of such draws.
        var random = new SeededRandom(seed);
        Span<double> times = candidates.Length <= OnStack ? stackalloc double[candidates.Length] : new double[candidates.Length];
        for (var i = 0; i < times.Length; i++)
        {
            var time = -Math.Log(1 - random.NextDouble());
            times[i] = weights[i] > 0 ? time / weights[i] : double.PositiveInfinity;
        }

        ByScore(candidates, times);
    }

    /// <summary>Every order equally likely.</summary>
    public static void Shuffle(Span<Candidate> candidates, ulong seed)
    {
        var random = new SeededRandom(seed);
        for (var i = candidates.Length - 1; i > 0; i--)
        {
            var other = (int)(random.NextDouble() * (i + 1));
            (candidates[i], candidates[other]) = (candidates[other], candidates[i]);
        }
    }

    private static bool IsSorted(ReadOnlySpan<double> scores)
    {
        for (var i = 1; i < scores.Length; i++)
        {
            if (scores[i] < scores[i - 1])
                return false;
        }

        return true;
    }
}
