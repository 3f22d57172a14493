using MeaiRouter.Load;
using MeaiRouter.OpenAI;
using MeaiRouter.Resilience;

namespace MeaiRouter.Configuration;

/// <summary>A provider as configured. Not a record, whose text would show what it holds.</summary>
internal sealed class ProviderConfiguration(string name, Uri baseUrl)
{
    private readonly List<ModelSpelling> _spellings = [];
    private readonly List<string> _dialects = [];

    public string Name => name;

    public Uri BaseUrl => baseUrl;

    public IReadOnlyList<string> ApiKeys { get; init; } = [];

    /// <summary>The header that carries the key.</summary>
    public required string KeyHeader { get; init; }

    public required IReadOnlyDictionary<string, string> Headers { get; init; }

    public required ProviderTraits Traits { get; init; }

    /// <summary>How requests are spelled.</summary>
    public RequestSpelling Spelling
    {
        get
        {
            var spelling = Traits.Rules?.Spelling ?? RequestSpelling.Default;
            return _spellings.Count == 0 ? spelling : spelling with { Models = [.. _spellings, .. spelling.Models] };
        }
    }

    /// <summary>The names of all dialects its requests are written in, and for which models.</summary>
    public IEnumerable<string> Dialects => _dialects.Prepend(Traits.Rules?.Name ?? "");

    /// <summary>Takes note of an endpoint that names a dialect of its own; of endpoints with the same model the first one's counts.</summary>
    public void Spell(string model, ProviderRules rules)
    {
        _spellings.Add(new ModelSpelling([model], rules.Spelling.For(model)));
        _dialects.Add($"{model}={rules.Name}");
    }

    /// <summary>The limit on all its endpoints together; <see langword="null"/> for none.</summary>
    public ConcurrencyLimit? Limit { get; init; }

    /// <summary>What the calls of its endpoints run through; <see langword="null"/> for nothing.</summary>
    public ResilienceSettings? Resilience { get; init; }
}
