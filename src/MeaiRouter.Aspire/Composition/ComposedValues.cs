using Microsoft.Extensions.Configuration;

namespace MeaiRouter.Aspire.Composition;

/// <summary>The configuration of one router in the making: values by their paths within it, and where each comes from.</summary>
internal sealed class ComposedValues
{
    private readonly Dictionary<string, string?> _values = new(StringComparer.OrdinalIgnoreCase);
    private readonly Dictionary<string, string> _origins = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>The paths of all values.</summary>
    public IReadOnlyCollection<string> Paths => [.. _values.Keys];

    public string? this[string path] => _values.GetValueOrDefault(path)?.Trim() is { Length: > 0 } text ? text : null;

    /// <summary>Whether there is a value at a path or below it.</summary>
    public bool Has(string path) => _origins.ContainsKey(path);

    /// <summary>Lays a section with everything in it over what is there.</summary>
    public void Lay(IConfigurationSection section)
    {
        LayAt(section.Key, section);

        void LayAt(string path, IConfigurationSection at)
        {
            var children = at.GetChildren().ToList();
            if (at.Value is not null || children.Count == 0)
                _values[path] = at.Value;
            _origins[path] = at.Path;
            foreach (var child in children)
                LayAt(ConfigurationPath.Combine(path, child.Key), child);
        }
    }

    /// <summary>Adds a value where there is none.</summary>
    /// <param name="path">Where.</param>
    /// <param name="value">The value.</param>
    /// <param name="origin">What to name in an error.</param>
    public void Complete(string path, string value, string origin)
    {
        if (this[path] is not null)
            return;

        _values[path] = value;
        for (var part = path; part is not null; part = ConfigurationPath.GetParentPath(part))
            _origins.TryAdd(part, origin);
    }

    /// <summary>Takes a value away, whose origin stays known.</summary>
    public void Remove(string path) => _values.Remove(path);

    /// <summary>Where a value comes from, or would stand if it were there.</summary>
    /// <param name="path">Its path.</param>
    /// <param name="root">The path of the whole.</param>
    public string OriginOf(string path, string root)
    {
        if (_origins.TryGetValue(path, out var origin))
            return origin;

        return ConfigurationPath.GetParentPath(path) is { } parent
            ? ConfigurationPath.Combine(OriginOf(parent, root), ConfigurationPath.GetSectionKey(path))
            : ConfigurationPath.Combine(root, path);
    }

    /// <summary>The whole as a section.</summary>
    /// <param name="root">The path it goes by in errors about what is nowhere.</param>
    public IConfigurationSection ToSection(string root)
    {
        const string Within = "MeaiRouter";

        var configuration = new ConfigurationBuilder()
            .AddInMemoryCollection(_values.Select(static value => KeyValuePair.Create(ConfigurationPath.Combine(Within, value.Key), value.Value)))
            .Build();
        return new TracedSection(
            configuration.GetSection(Within),
            path => path.Length == Within.Length ? root : OriginOf(path[(Within.Length + 1)..], root));
    }
}
