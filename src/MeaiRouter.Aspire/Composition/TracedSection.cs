using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Primitives;

namespace MeaiRouter.Aspire.Composition;

/// <summary>A section of a composed configuration that gives as its path where its value was written, so that errors lead there.</summary>
internal sealed class TracedSection(IConfigurationSection section, Func<string, string> originOf) : IConfigurationSection
{
    public string Key => section.Key;

    public string Path => originOf(section.Path);

    public string? Value
    {
        get => section.Value;
        set => throw ReadOnly();
    }

    public string? this[string key]
    {
        get => section[key];
        set => throw ReadOnly();
    }

    public IConfigurationSection GetSection(string key) => new TracedSection(section.GetSection(key), originOf);

    public IEnumerable<IConfigurationSection> GetChildren() => section.GetChildren().Select(child => new TracedSection(child, originOf));

    public IChangeToken GetReloadToken() => section.GetReloadToken();

    private static NotSupportedException ReadOnly() => new("The composed configuration is read-only; change where it comes from.");
}
