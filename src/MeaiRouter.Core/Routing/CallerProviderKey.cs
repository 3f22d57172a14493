using System.Text.Json.Serialization;
using MeaiRouter.Attempts;
using MeaiRouter.Keys;

namespace MeaiRouter.Routing;

/// <summary>A key of the caller's own for one provider. It rides in the options of a request, where caches and loggers of others see a constant.</summary>
/// <param name="Provider">The provider's name.</param>
/// <param name="Key">The key.</param>
/// <param name="Use">When it is used.</param>
[JsonConverter(typeof(ConstantConverter<CallerProviderKey>))]
internal sealed record CallerProviderKey(string Provider, ProviderKey Key, ProviderKeyUse Use)
{
    public bool IsFor(string provider) => Provider.Equals(provider, StringComparison.OrdinalIgnoreCase);

    public override string ToString() => ConstantConverter<CallerProviderKey>.Constant;
}
