using Polly;

namespace MeaiRouter.Resilience;

/// <summary>Strategies for some endpoints.</summary>
/// <param name="Scope">How many endpoints the rule is for.</param>
/// <param name="Name">The provider or the endpoint; empty for all.</param>
/// <param name="Configure">Adds the strategies.</param>
/// <param name="Inherit">Whether wider rules hold as well.</param>
/// <param name="Except">Endpoints the rule is not for.</param>
internal sealed record ResilienceRule(
    ResilienceScope Scope, string Name, Action<ResiliencePipelineBuilder> Configure, bool Inherit, IReadOnlySet<string>? Except = null)
{
    public bool IsFor(string provider, string endpoint) => Except?.Contains(endpoint) != true && Scope switch
    {
        ResilienceScope.All => true,
        ResilienceScope.Provider => Name.Equals(provider, StringComparison.OrdinalIgnoreCase),
        _ => Name.Equals(endpoint, StringComparison.OrdinalIgnoreCase),
    };
}
