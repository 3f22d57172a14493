using MeaiRouter.Load;
using MeaiRouter.OpenAI;
using MeaiRouter.Resilience;

namespace MeaiRouter.Configuration;

/// <summary>A provider as configured. Not a record, whose text would show what it holds.</summary>
internal sealed class ProviderConfiguration(string name, Uri baseUrl)
{
    public string Name => name;

    public Uri BaseUrl => baseUrl;

    public IReadOnlyList<string> ApiKeys { get; init; } = [];

    /// <summary>The header that carries the key.</summary>
    public required string KeyHeader { get; init; }

    public required IReadOnlyDictionary<string, string> Headers { get; init; }

    public required ProviderTraits Traits { get; init; }

    /// <summary>The spellings for models whose endpoints name a dialect of their own; of endpoints with the same model the first one's counts.</summary>
    public List<ModelSpelling> Spellings { get; } = [];

    /// <summary>How requests are spelled.</summary>
    public RequestSpelling Spelling
    {
        get
        {
            var spelling = Traits.Rules?.Spelling ?? RequestSpelling.Default;
            return Spellings.Count == 0 ? spelling : spelling with { Models = [.. Spellings, .. spelling.Models] };
        }
    }

    /// <summary>The limit on all its endpoints together; <see langword="null"/> for none.</summary>
    public ConcurrencyLimit? Limit { get; init; }

    /// <summary>What the calls of its endpoints run through; <see langword="null"/> for nothing.</summary>
    public ResilienceSettings? Resilience { get; init; }
}
