using MeaiRouter.Configuration;
using Microsoft.Extensions.Configuration;

namespace MeaiRouter.Aspire.Composition;

/// <summary>The sections that configure one router: <c>MeaiRouter</c>, over it <c>Aspire:MeaiRouter</c>, over that the router's own.</summary>
internal sealed class RouterSections
{
    private const string Name = "MeaiRouter";

    /// <summary>What <c>Aspire:MeaiRouter</c> may hold besides settings and the sections of routers, whose names are anybody's choice.</summary>
    public static IReadOnlyList<string> PartNames { get; } =
    [
        "Aliases", "Budgets", "Catalog", "Dialects", "Fallback", "Models", "Normalization", "Presets", "Providers", "ResponseCache", "Routing",
    ];

    /// <summary>The names of <see cref="MeaiRouterSettings"/>.</summary>
    public static IReadOnlyList<string> SettingNames { get; } =
    [
        nameof(MeaiRouterSettings.Connections), nameof(MeaiRouterSettings.DisableHealthChecks), nameof(MeaiRouterSettings.DisableMetrics),
        nameof(MeaiRouterSettings.DisableTracing),
    ];

    /// <param name="configuration">The configuration of the app.</param>
    /// <param name="routerName">The router's name.</param>
    /// <exception cref="ArgumentException">The name is blank, holds a colon, or is that of a setting.</exception>
    public RouterSections(IConfiguration configuration, string routerName)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(routerName);
        if (routerName.Contains(ConfigurationPath.KeyDelimiter, StringComparison.Ordinal) || IsPart(routerName) || IsSetting(routerName))
            throw new ArgumentException($"A router cannot be named '{routerName}': Aspire:{Name}:{routerName} is not the section of a router.", nameof(routerName));

        Plain = configuration.GetSection(Name);
        Shared = configuration.GetSection("Aspire").GetSection(Name);
        Own = Shared.GetSection(routerName);
    }

    /// <summary>The section that routers have without Aspire, too.</summary>
    public IConfigurationSection Plain { get; }

    /// <summary>The section that all routers of the app share.</summary>
    public IConfigurationSection Shared { get; }

    /// <summary>The router's own section.</summary>
    public IConfigurationSection Own { get; }

    /// <summary>The parts of the router's configuration, those that win last.</summary>
    public IEnumerable<IConfigurationSection> Layers() =>
        [.. Plain.GetChildren(), .. Shared.GetChildren().Where(static child => IsPart(child.Key)), .. Own.GetChildren().Where(static child => !IsSetting(child.Key))];

    /// <summary>Whether the configuration has models, or a catalogue to take them from.</summary>
    public bool HasModels => Layers().Any(static layer =>
        (layer.Key.Equals("Models", StringComparison.OrdinalIgnoreCase) || layer.Key.Equals("Catalog", StringComparison.OrdinalIgnoreCase)) && layer.Exists());

    /// <summary>What to say where no model can come from anywhere.</summary>
    public string ExplainNoModels(string routerName) =>
        $"is missing, and {Own.Path} has neither {nameof(MeaiRouterSettings.Connections)} nor Models. In the app host reference a model, "
        + $"WithReference(chat, connectionName: \"{routerName}\"), or name the connection strings of models in {Own.Path}:{nameof(MeaiRouterSettings.Connections)}.";

    /// <summary>Reads the settings; notes what is wrong with them.</summary>
    public MeaiRouterSettings ReadSettings(ConfigurationErrors errors)
    {
        var shared = new SectionReader(Shared, errors);
        var own = new SectionReader(Own, errors);
        foreach (var child in Shared.GetChildren().Where(static child => child.Value is { Length: > 0 } && !IsPart(child.Key) && !IsSetting(child.Key)))
            shared.Refuse(child.Key, $"'{child.Key}' is not a setting.{Suggestion.For(child.Key, [.. SettingNames, .. PartNames])}");

        return new MeaiRouterSettings
        {
            Connections = [.. (own.Texts(nameof(MeaiRouterSettings.Connections)) ?? shared.Texts(nameof(MeaiRouterSettings.Connections)) ?? [])],
            DisableTracing = Flag(nameof(MeaiRouterSettings.DisableTracing)),
            DisableMetrics = Flag(nameof(MeaiRouterSettings.DisableMetrics)),
            DisableHealthChecks = Flag(nameof(MeaiRouterSettings.DisableHealthChecks)),
        };

        // Both are read, so that a wrong value shows even where it would not count.
        bool Flag(string key) => (shared.Flag(key), own.Flag(key)) is var (everywhere, here) && (here ?? everywhere ?? false);
    }

    private static bool IsPart(string key) => PartNames.Contains(key, StringComparer.OrdinalIgnoreCase);

    private static bool IsSetting(string key) => SettingNames.Contains(key, StringComparer.OrdinalIgnoreCase);
}
