using System.Text.Json.Serialization;
using MeaiRouter.Attempts;
using MeaiRouter.Keys;
using MeaiRouter.Text;

namespace MeaiRouter.Routing;

/// <summary>A key of the caller's own for one provider. It rides in the options of a request, where caches and loggers of others see a constant.</summary>
/// <param name="Provider">The provider's name.</param>
/// <param name="Key">The key.</param>
/// <param name="Use">When it is used.</param>
/// <param name="Models">Ids of the models it is for, in which <c>*</c> stands for any run of characters; empty for all.</param>
[JsonConverter(typeof(ConstantConverter<CallerProviderKey>))]
internal sealed record CallerProviderKey(string Provider, ProviderKey Key, ProviderKeyUse Use, IReadOnlyList<string> Models)
{
    public bool IsFor(string provider) => Provider.Equals(provider, StringComparison.OrdinalIgnoreCase);

    /// <summary>Whether it is for the candidate's provider and model.</summary>
    public bool IsFor(in Candidate candidate) =>
        IsFor(candidate.Endpoint.Provider) && (Models.Count == 0 || NamePattern.MatchesAny(candidate.Model.Id, Models));

    public override string ToString() => ConstantConverter<CallerProviderKey>.Constant;
}
