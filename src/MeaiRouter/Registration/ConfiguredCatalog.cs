using MeaiRouter.Catalog;
using MeaiRouter.Configuration;
using Microsoft.Extensions.Logging;

namespace MeaiRouter.Registration;

/// <summary>The catalogue of one router and the sources it follows: the configuration, files, and what is built in.</summary>
internal sealed class ConfiguredCatalog : IDisposable
{
    private readonly List<IDisposable> _following = [];
    private readonly ILogger? _logger;

    /// <exception cref="MeaiRouterConfigurationException">A configured model has no endpoint at any provider there is.</exception>
    public ConfiguredCatalog(RouterConfiguration settings, ConfigurationCatalogSource configured, IReadOnlyList<string> providers, TimeProvider? time, ILogger? logger)
    {
        _logger = logger;
        var sources = new List<ICatalogSource> { configured };
        _following.Add(configured);
        foreach (var file in settings.CatalogSources.Files)
        {
            var source = new FileCatalogSource(file.Path, file.Parse, file.Options, time);
            sources.Add(source);
            _following.Add(source);
        }

        sources.AddRange(settings.CatalogSources.BuiltIn.Select(static contribution => new FixedCatalogSource(contribution)));
        Live = new LiveCatalog(sources, providers, time);
        RefuseUnserved(settings.Models.Models);

        Live.Changed += OnChanged;
        configured.Refused += OnRefused;
    }

    public LiveCatalog Live { get; }

    public void Dispose()
    {
        Live.Dispose();
        foreach (var source in _following)
            source.Dispose();
    }

    // Whoever configured a model expects it to be there; one that a list offers may be missing with its provider.
    private void RefuseUnserved(IReadOnlyList<Model> configured)
    {
        var errors = new ConfigurationErrors();
        foreach (var model in configured.Where(model => Live.Current.Catalog.Find(model.Id) is null))
            errors.Add($"Models:{model.Id}", "has no endpoint at a provider that is configured.");
        errors.ThrowIfAny();
    }

    private void OnChanged(object? sender, CatalogChangedEventArgs change)
    {
        if (_logger is not null)
            CatalogLog.Changed(_logger, change.Snapshot.Version, change.Snapshot.Catalog.Models.Count);
    }

    private void OnRefused(object? sender, string why)
    {
        if (_logger is not null)
            CatalogLog.Refused(_logger, why);
    }
}
