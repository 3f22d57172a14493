using MeaiRouter.Dialects;
using MeaiRouter.OpenAI;

namespace MeaiRouter.Configuration;

/// <summary>How a provider is spoken to: what <c>Dialect</c> names.</summary>
/// <param name="Name">A known provider's name, or that of a dialect in the configuration.</param>
/// <param name="Dialect">What it takes.</param>
/// <param name="Spelling">How it spells it.</param>
internal sealed record ProviderRules(string Name, Dialect Dialect, RequestSpelling Spelling)
{
    public static ProviderRules Of(KnownProvider provider) => new(provider.Name, provider.Dialect, provider.Spelling);
}
