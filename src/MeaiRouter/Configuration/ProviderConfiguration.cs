namespace MeaiRouter.Configuration;

/// <summary>A provider as configured. Not a record, whose text would show what it holds.</summary>
internal sealed class ProviderConfiguration(string name, Uri baseUrl)
{
    public string Name => name;

    public Uri BaseUrl => baseUrl;

    public IReadOnlyList<string> ApiKeys { get; init; } = [];

    public required IReadOnlyDictionary<string, string> Headers { get; init; }

    public required ProviderTraits Traits { get; init; }
}
