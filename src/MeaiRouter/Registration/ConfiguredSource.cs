using MeaiRouter.Catalog;

namespace MeaiRouter.Registration;

/// <summary>The models and aliases of one configuration, and why a later one is not in force.</summary>
internal sealed class ConfiguredSource(CatalogContribution models) : ICatalogSource
{
    private string? _lastError;

    public event EventHandler? Changed
    {
        add { }
        remove { }
    }

    public CatalogContribution Current => models;

    public string? LastError
    {
        get => Volatile.Read(ref _lastError);
        set => Volatile.Write(ref _lastError, value);
    }
}
