using System.Numerics;

namespace MeaiRouter.Health;

/// <summary>How long an endpoint's answers lately took to show their first content, apart for prompts of different size.</summary>
/// <remarks>
/// Remembers the last 32 answers of each size and mode, in at most 2 KB. Takes no lock: two answers that end at the same instant may cost
/// each other their entry, and of a few dozen that changes nothing.
/// </remarks>
internal sealed class FirstContentExpectations
{
    private const int Remembered = 32;

    // Up to 1K, 4K, 16K, 64K, 256K tokens, and more: within a factor of four prefill time is of one order.
    private const int Sizes = 6;
    private const int OctavesPerSize = 2;
    private const int SmallestOctave = 10;

    private readonly Ring?[] _rings = new Ring?[2 * Sizes];

    /// <summary>Takes note of an answer.</summary>
    /// <param name="streamed">Whether the answer came in parts; a whole answer shows its content at its end.</param>
    /// <param name="promptTokens">The size of the prompt.</param>
    /// <param name="wait">From the call to the first content.</param>
    public void Observe(bool streamed, long promptTokens, TimeSpan wait)
    {
        ref var ring = ref _rings[IndexOf(streamed, promptTokens)];
        (ring ??= new Ring()).Add((float)wait.TotalSeconds);
    }

    /// <summary>The time within which the given share of the answers showed content; <see langword="null"/> if too few are known.</summary>
    /// <param name="streamed">Whether the answer comes in parts.</param>
    /// <param name="promptTokens">The size of the prompt.</param>
    /// <param name="share">The share, between 0 and 1.</param>
    /// <param name="atLeast">How many answers must be known. One slow answer is an accident and never counted; two are a habit.</param>
    public TimeSpan? Expect(bool streamed, long promptTokens, double share, int atLeast)
    {
        if (Volatile.Read(ref _rings[IndexOf(streamed, promptTokens)]) is not { } ring)
            return null;

        Span<float> known = stackalloc float[Remembered];
        known = known[..ring.CopyTo(known)];
        if (known.Length < Math.Max(2, atLeast))
            return null;

        known.Sort();
        var rank = Math.Clamp((int)Math.Ceiling(share * known.Length), 1, known.Length - 1);
        return TimeSpan.FromSeconds(known[rank - 1]);
    }

    private static int IndexOf(bool streamed, long promptTokens)
    {
        var octave = promptTokens <= 1 ? 0 : BitOperations.Log2((ulong)(promptTokens - 1)) + 1;
        var size = Math.Clamp((octave - SmallestOctave + OctavesPerSize - 1) / OctavesPerSize, 0, Sizes - 1);
        return (streamed ? Sizes : 0) + size;
    }

    private sealed class Ring
    {
        private readonly float[] _seconds = new float[Remembered];
        private int _count;

        public void Add(float seconds) => _seconds[(uint)(Interlocked.Increment(ref _count) - 1) % Remembered] = seconds;

        public int CopyTo(Span<float> target)
        {
            var count = (int)Math.Min((uint)Volatile.Read(ref _count), Remembered);
            _seconds.AsSpan(0, count).CopyTo(target);
            return count;
        }
    }
}
