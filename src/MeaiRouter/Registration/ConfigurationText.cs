using Microsoft.Extensions.Configuration;

namespace MeaiRouter.Registration;

/// <summary>Every setting of a section as it was at one moment, so that two moments can be compared. It holds secrets: only paths may be shown.</summary>
internal sealed class ConfigurationText
{
    private readonly SortedDictionary<string, string> _values = new(StringComparer.OrdinalIgnoreCase);

    private ConfigurationText(IConfigurationSection section) => Add(section, within: null);

    public static ConfigurationText Of(IConfigurationSection section) => new(section);

    // By keys: the path of a composed section's setting is where it was written.
    private void Add(IConfigurationSection section, string? within)
    {
        foreach (var child in section.GetChildren())
        {
            var path = within is null ? child.Key : ConfigurationPath.Combine(within, child.Key);
            if (child.Value is { } value)
                _values[path] = value;
            Add(child, path);
        }
    }

    /// <summary>The paths, within the section, of the settings that differ.</summary>
    public IReadOnlyList<string> ChangesSince(ConfigurationText before) =>
    [
        .. _values.Where(pair => !before._values.TryGetValue(pair.Key, out var value) || value != pair.Value).Select(static pair => pair.Key),
        .. before._values.Keys.Where(path => !_values.ContainsKey(path)),
    ];

    /// <summary>Whether no setting that a path belongs to differs.</summary>
    public bool IsSameAs(ConfigurationText other, Func<string, bool> path) =>
        _values.Where(pair => path(pair.Key)).SequenceEqual(other._values.Where(pair => path(pair.Key)));
}
