using Microsoft.Extensions.Configuration;

namespace MeaiRouter.Tests.Configuration;

/// <summary>A configuration that can be written anew: all of it changes at once, and then the reload token fires.</summary>
internal sealed class LiveJson : ConfigurationProvider, IConfigurationSource
{
    /// <param name="layers">What the section MeaiRouter says, one layer over the other.</param>
    public LiveJson(params string[] layers)
    {
        Data = Values(layers);
        Root = new ConfigurationBuilder().Add(this).Build();
    }

    public IConfigurationRoot Root { get; }

    public void Write(params string[] layers)
    {
        Data = Values(layers);
        OnReload();
    }

    public IConfigurationProvider Build(IConfigurationBuilder builder) => this;

    private static Dictionary<string, string?> Values(string[] layers) =>
        new(Json.Section(layers).AsEnumerable().Where(static pair => pair.Value is not null), StringComparer.OrdinalIgnoreCase);
}
