using System.Buffers;

namespace MeaiRouter.Routing;

/// <summary>Puts candidates into the order of a number.</summary>
internal static class CandidateOrder
{
    private const int OnStack = 128;

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

        Span<Place> places = candidates.Length <= OnStack ? stackalloc Place[candidates.Length] : new Place[candidates.Length];
        for (var i = 0; i < places.Length; i++)
            places[i] = new Place(scores[i], i);
        places.Sort();

        // Places are small and sorted in place; the candidates move once.
        var unordered = ArrayPool<Candidate>.Shared.Rent(candidates.Length);
        candidates.CopyTo(unordered);
        for (var i = 0; i < places.Length; i++)
            candidates[i] = unordered[places[i].Index];
        ArrayPool<Candidate>.Shared.Return(unordered, clearArray: true);
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

    private readonly struct Place(double score, int index) : IComparable<Place>
    {
        public int Index => index;

        private double Score => score;

        public int CompareTo(Place other)
        {
            if (score < other.Score)
                return -1;
            return score > other.Score ? 1 : index.CompareTo(other.Index);
        }
    }
}
