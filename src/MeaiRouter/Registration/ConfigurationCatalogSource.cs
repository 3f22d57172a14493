using MeaiRouter.Catalog;
using MeaiRouter.Configuration;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Primitives;

namespace MeaiRouter.Registration;

/// <summary>The models and aliases of a configuration, read again when it reloads. One that is wrong leaves those in force and says why.</summary>
internal sealed class ConfigurationCatalogSource : ICatalogSource, IDisposable
{
    private readonly IConfiguration _configuration;
    private readonly ProviderClients _providers;
    private readonly Lock _reading = new();
    private readonly IDisposable _registration;
    private CatalogContribution _current;
    private string? _lastError;

    /// <param name="configuration">The configuration to follow.</param>
    /// <param name="first">What it said when it was first read.</param>
    /// <param name="providers">The providers there are clients for, which a reload cannot change.</param>
    public ConfigurationCatalogSource(IConfiguration configuration, CatalogContribution first, ProviderClients providers)
    {
        _configuration = configuration;
        _providers = providers;
        _current = providers.WithDialects(first);
        _registration = ChangeToken.OnChange(configuration.GetReloadToken, Read);
    }

    public event EventHandler? Changed;

    /// <summary>Raised, with the reason, when a changed configuration cannot be used.</summary>
    public event EventHandler<string>? Refused;

    public CatalogContribution Current => Volatile.Read(ref _current);

    public string? LastError => Volatile.Read(ref _lastError);

    public void Dispose() => _registration.Dispose();

    private void Read()
    {
        string? error = null;
        lock (_reading)
        {
            try
            {
                var settings = RouterConfiguration.Read(_configuration, Environment.GetEnvironmentVariable);
                RefuseUnknownProviders(settings);
                Volatile.Write(ref _current, _providers.WithDialects(settings.Models));
            }
            catch (MeaiRouterConfigurationException exception)
            {
                error = exception.Message;
            }

            Volatile.Write(ref _lastError, error);
        }

        if (error is null)
            Changed?.Invoke(this, EventArgs.Empty);
        else
            Refused?.Invoke(this, error);
    }

    private void RefuseUnknownProviders(RouterConfiguration settings)
    {
        var errors = new ConfigurationErrors();
        var known = _providers.Names;
        foreach (var (path, provider) in settings.ProviderReferences)
            if (!known.Contains(provider, StringComparer.OrdinalIgnoreCase))
                errors.Add(path, $"'{provider}' was no provider when the router started. New providers need a restart.");
        errors.ThrowIfAny();
    }
}
