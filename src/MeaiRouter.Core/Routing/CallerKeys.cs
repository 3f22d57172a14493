using MeaiRouter.Health;

namespace MeaiRouter.Routing;

/// <summary>The keys a request brings, and which of them the pipeline's clients can be called with.</summary>
internal sealed class CallerKeys
{
    public const string FilterName = "provider_key";

    private readonly CallerProviderKey[] _usable;
    private readonly CallerProviderKey[] _unusable;

    public CallerKeys(IReadOnlyList<CallerProviderKey> keys, IProviderSet? providers)
    {
        _usable = [.. keys.Where(key => providers?.TakesKeys(key.Provider) == true)];
        _unusable = [.. keys.Except(_usable)];
    }

    /// <summary>Keys that no client takes.</summary>
    public IReadOnlyList<CallerProviderKey> Unusable => _unusable;

    /// <summary>Whether the provider may not be called: not with its own keys, because the request says so, nor with the request's.</summary>
    public bool Forbids(Candidate candidate) => Array.Exists(_unusable, key => key.Use == ProviderKeyUse.Always && key.IsFor(candidate));

    /// <summary>Whether <see cref="Forbids"/> says so of any provider.</summary>
    public bool ForbidsAny => Array.Exists(_unusable, static key => key.Use == ProviderKeyUse.Always);

    /// <summary>The most candidates that one endpoint can become.</summary>
    public int MostCopies => _usable.Length + 1;

    /// <summary>Whether one of the candidates is called with a key of the caller's.</summary>
    public static bool AreUsedBy(ReadOnlySpan<Candidate> candidates)
    {
        foreach (ref readonly var candidate in candidates)
        {
            if (candidate.Key is not null)
                return true;
        }

        return false;
    }

    /// <summary>The section of the plan a candidate belongs to.</summary>
    public KeySection SectionOf(in Candidate candidate)
    {
        if (candidate.Key is not { } used)
            return KeySection.Shared;

        foreach (var key in _usable)
        {
            if (ReferenceEquals(key.Key, used))
                return key.Use == ProviderKeyUse.Fallback ? KeySection.Fallback : KeySection.Prioritized;
        }

        return KeySection.Shared;
    }

    /// <summary>Puts a copy for each key before the candidates it can be used for, and takes out those that may only be called with one.</summary>
    /// <param name="candidates">The candidates, with room for the copies behind them.</param>
    /// <param name="count">How many there are.</param>
    /// <param name="health">Where the health of endpoints with each key is kept.</param>
    /// <param name="excluded">Takes what is taken out.</param>
    /// <returns>How many there are now.</returns>
    public int AddCopies(Span<Candidate> candidates, int count, HealthBoard health, ref List<ExcludedEndpoint>? excluded)
    {
        if (_usable.Length == 0)
            return count;

        var copied = 0;
        foreach (var candidate in candidates[..count].ToArray())
        {
            var isOnlyWithKey = false;
            foreach (var key in _usable)
            {
                if (!key.IsFor(candidate))
                    continue;

                isOnlyWithKey |= key.Use == ProviderKeyUse.Always;
                candidates[copied++] = candidate with { Key = key.Key, Health = health.For(candidate.Model, candidate.Endpoint, key.Key) };
            }

            if (isOnlyWithKey)
                (excluded ??= []).Add(new(candidate.Model, candidate.Endpoint, FilterName, "The request calls its provider with a key of its own only."));
            else
                candidates[copied++] = candidate;
        }

        return copied;
    }
}
