using MeaiRouter.Configuration;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Primitives;

namespace MeaiRouter.Aspire.Composition;

/// <summary>A composed section as a whole, with what was wrong in composing it.</summary>
internal sealed class ComposedSection(IConfigurationSection section, ConfigurationErrors wrong) : IComposedSection
{
    public string Key => section.Key;

    public string Path => section.Path;

    public string? Value
    {
        get => section.Value;
        set => section.Value = value;
    }

    public string? this[string key]
    {
        get => section[key];
        set => section[key] = value;
    }

    public void Report(ConfigurationErrors errors) => errors.Include(wrong.ThrowIfAny);

    public IConfigurationSection GetSection(string key) => section.GetSection(key);

    public IEnumerable<IConfigurationSection> GetChildren() => section.GetChildren();

    public IChangeToken GetReloadToken() => section.GetReloadToken();
}
