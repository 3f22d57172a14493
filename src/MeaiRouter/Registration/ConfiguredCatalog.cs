using MeaiRouter.Catalog;
using MeaiRouter.Configuration;
using Microsoft.Extensions.Logging;

namespace MeaiRouter.Registration;

/// <summary>The catalogue of one router and the sources it follows: the configuration, files, and what is built in.</summary>
internal sealed class ConfiguredCatalog : IDisposable
{
    private readonly ProviderClients _providers;
    private readonly TimeProvider? _time;
    private readonly ILogger? _logger;
    private Dictionary<CatalogFileSettings, FileCatalogSource> _files = [];
    private ConfiguredSource _configured;

    /// <exception cref="MeaiRouterConfigurationException">A configured model has no endpoint at any provider there is.</exception>
    public ConfiguredCatalog(RouterConfiguration settings, ProviderClients providers, TimeProvider? time, ILogger? logger)
    {
        (_providers, _time, _logger) = (providers, time, logger);
        var errors = new ConfigurationErrors();
        providers.RefuseUnknown(settings, errors);
        errors.ThrowIfAny();

        First = Follow(settings);
        (_files, _configured) = (First.Files, First.Configured);
        Live = new LiveCatalog(First.Sources, First.Providers, time);
        Live.Changed += OnChanged;
    }

    /// <summary>The catalogue in force, for everybody but the requests under way.</summary>
    public LiveCatalog Live { get; }

    /// <summary>What the configuration said when it was first read.</summary>
    public Following First { get; }

    /// <summary>Begins to follow what a configuration names, without putting it in force. Files that are followed already are not read again.</summary>
    /// <exception cref="MeaiRouterConfigurationException">A configured model has no endpoint at any provider there is.</exception>
    public Following Follow(RouterConfiguration settings)
    {
        var files = new Dictionary<CatalogFileSettings, FileCatalogSource>();
        var configured = new ConfiguredSource(_providers.WithDialects(settings.Models));
        var providers = _providers.NamesWith(settings);
        LiveCatalog? catalog = null;
        try
        {
            foreach (var file in settings.CatalogSources.Files)
                if (!files.ContainsKey(file))
                    files.Add(file, _files.GetValueOrDefault(file) ?? new FileCatalogSource(file.Path, file.Parse, file.Options, _time));

            ICatalogSource[] sources =
            [
                configured,
                .. settings.CatalogSources.Files.Select(file => files[file]),
                .. settings.CatalogSources.BuiltIn.Select(static contribution => new FixedCatalogSource(contribution)),
            ];
            catalog = new LiveCatalog(sources, providers, _time);
            RefuseUnserved(catalog, settings.Models.Models);
            return new Following(catalog, configured, sources, providers, files);
        }
        catch
        {
            catalog?.Dispose();
            DisposeAllBut(files, _files);
            throw;
        }
    }

    /// <summary>Puts in force what is followed.</summary>
    public void Use(Following next)
    {
        var before = _files;
        (_files, _configured) = (next.Files, next.Configured);
        Live.Replace(next.Sources, next.Providers);
        DisposeAllBut(before, next.Files);
    }

    /// <summary>Gives up what was followed and never put in force.</summary>
    public void Drop(Following next)
    {
        next.Catalog.Dispose();
        DisposeAllBut(next.Files, _files);
    }

    /// <summary>Says why the newest configuration is not in force; <see langword="null"/> if it is.</summary>
    public void Note(string? error) => _configured.LastError = error;

    public void Dispose()
    {
        Live.Dispose();
        First.Catalog.Dispose();
        DisposeAllBut(_files, []);
    }

    private static void DisposeAllBut(Dictionary<CatalogFileSettings, FileCatalogSource> files, Dictionary<CatalogFileSettings, FileCatalogSource> kept)
    {
        foreach (var (settings, file) in files)
            if (!kept.TryGetValue(settings, out var other) || other != file)
                file.Dispose();
    }

    // Whoever configured a model expects it to be there; one that a list offers may be missing with its provider.
    private static void RefuseUnserved(LiveCatalog catalog, IReadOnlyList<Model> configured)
    {
        var errors = new ConfigurationErrors();
        foreach (var model in configured.Where(model => catalog.Current.Catalog.Find(model.Id) is null))
            errors.Add($"Models:{model.Id}", "has no endpoint at a provider that is configured.");
        errors.ThrowIfAny();
    }

    private void OnChanged(object? sender, CatalogChangedEventArgs change)
    {
        if (_logger is not null)
            CatalogLog.Changed(_logger, change.Snapshot.Version, change.Snapshot.Catalog.Models.Count);
    }

    /// <summary>What one configuration names, followed.</summary>
    /// <param name="Catalog">The catalogue by which the requests of that configuration are planned.</param>
    /// <param name="Configured">Its source that is the configuration itself.</param>
    /// <param name="Sources">All its sources.</param>
    /// <param name="Providers">The providers there are clients for.</param>
    /// <param name="Files">The files among the sources.</param>
    public sealed record Following(
        LiveCatalog Catalog, ConfiguredSource Configured, IReadOnlyList<ICatalogSource> Sources, IReadOnlyList<string> Providers,
        Dictionary<CatalogFileSettings, FileCatalogSource> Files);
}
