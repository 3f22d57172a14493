namespace MeaiRouter.Routing;

/// <summary>SplitMix64: a small generator whose every draw follows from the seed, so that a recorded decision can be replayed.</summary>
internal struct SeededRandom(ulong seed)
{
    private ulong _state = seed;

    /// <summary>A number in [0, 1).</summary>
    public double NextDouble() => (Next() >> 11) * (1.0 / (1UL << 53));

    public ulong Next()
    {
        // Constants: Steele, Lea and Flood, "Fast splittable pseudorandom number generators", 2014.
        var z = _state += 0x9E3779B97F4A7C15;
        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9;
        z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
        return z ^ (z >> 31);
    }
}
