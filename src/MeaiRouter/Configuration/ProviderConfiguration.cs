using MeaiRouter.Load;
using MeaiRouter.Resilience;

namespace MeaiRouter.Configuration;

/// <summary>A provider as configured. Not a record, whose text would show what it holds.</summary>
internal sealed class ProviderConfiguration(string name, Uri baseUrl)
{
    public string Name => name;

    public Uri BaseUrl => baseUrl;

    public IReadOnlyList<string> ApiKeys { get; init; } = [];

    public required IReadOnlyDictionary<string, string> Headers { get; init; }

    public required ProviderTraits Traits { get; init; }

    /// <summary>The limit on all its endpoints together; <see langword="null"/> for none.</summary>
    public ConcurrencyLimit? Limit { get; init; }

    /// <summary>What the calls of its endpoints run through; <see langword="null"/> for nothing.</summary>
    public ResilienceSettings? Resilience { get; init; }
}
