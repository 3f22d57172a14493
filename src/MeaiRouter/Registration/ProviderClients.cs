using MeaiRouter.Catalog;
using MeaiRouter.Configuration;
using MeaiRouter.Dialects;
using MeaiRouter.OpenAI;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.DependencyInjection;

namespace MeaiRouter.Registration;

/// <summary>The providers of one router, those configured and those added in code, and how their clients are made.</summary>
internal sealed class ProviderClients(RouterConfiguration configuration)
{
    private readonly Dictionary<string, Func<IServiceProvider, IChatClient>> _added = new(StringComparer.OrdinalIgnoreCase);

    private readonly Dictionary<string, Dialect> _dialects = new(StringComparer.OrdinalIgnoreCase);

    public void Add(string name, Func<IServiceProvider, IChatClient> clientFactory, Dialect? dialect)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(name);

        if (configuration.Providers.ContainsKey(name))
            throw new ArgumentException($"The provider '{name}' is in the configuration already.", nameof(name));
        if (!_added.TryAdd(name, clientFactory))
            throw new ArgumentException($"The provider '{name}' has been added already.", nameof(name));
        if (dialect is not null)
            _dialects.Add(name, dialect);
    }

    /// <summary>The models with the dialects of the providers that were added in code, at endpoints whose configuration names none.</summary>
    public CatalogContribution WithDialects(CatalogContribution models) => _dialects.Count == 0
        ? models
        : new CatalogContribution(models.Name, models.Origin, models.Models.Select(WithDialects), models.Aliases) { OnlyCompletes = models.OnlyCompletes };

    /// <summary>The names of all of them.</summary>
    public IReadOnlyList<string> Names => [.. configuration.Providers.Values.Select(static provider => provider.Name), .. _added.Keys];

    /// <summary>Makes the client of every provider.</summary>
    public IReadOnlyDictionary<string, IChatClient> Create(IServiceProvider services)
    {
        var clients = new Dictionary<string, IChatClient>(StringComparer.OrdinalIgnoreCase);
        foreach (var provider in configuration.Providers.Values)
            clients.Add(provider.Name, ClientOf(provider, services.GetService<TimeProvider>()));
        foreach (var (name, clientFactory) in _added)
            clients.Add(name, clientFactory(services));

        return clients;
    }

    private Model WithDialects(Model model) => model with
    {
        Endpoints =
        [
            .. model.Endpoints.Select(endpoint => ReferenceEquals(endpoint.Dialect, Dialect.Default) && _dialects.TryGetValue(endpoint.Provider, out var dialect)
                ? endpoint with { Dialect = dialect }
                : endpoint),
        ],
    };

    private static OpenAICompatibleChatClient ClientOf(ProviderConfiguration provider, TimeProvider? time) => new(new OpenAICompatibleOptions
    {
        Provider = provider.Name,
        BaseUrl = provider.BaseUrl,
        ApiKeys = provider.ApiKeys,
        KeyHeader = provider.KeyHeader,
        Headers = provider.Headers,
        Spelling = provider.Spelling,
        TimeProvider = time ?? TimeProvider.System,
    });

    /// <exception cref="MeaiRouterConfigurationException">An endpoint names a provider that is neither configured nor added.</exception>
    public void RefuseUnknown()
    {
        var errors = new ConfigurationErrors();
        var known = Names;

        foreach (var (path, provider) in configuration.ProviderReferences)
            if (!known.Contains(provider, StringComparer.OrdinalIgnoreCase))
                errors.Add(path, KnownProviders.TryGet(provider, out _)
                    ? $"'{provider}' is a provider that MeaiRouter knows, but it is not configured. Add it to Providers."
                    : $"'{provider}' is not a provider.{Suggestion.For(provider, known)}");

        errors.ThrowIfAny();
    }
}
