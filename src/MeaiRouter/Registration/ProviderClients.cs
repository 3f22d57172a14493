using MeaiRouter.Catalog;
using MeaiRouter.Configuration;
using MeaiRouter.Dialects;
using MeaiRouter.OpenAI;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace MeaiRouter.Registration;

/// <summary>The providers of one router, those configured and those added in code, and how their clients are made.</summary>
/// <param name="configured">The names of those in the configuration as it was first read.</param>
internal sealed class ProviderClients(IReadOnlyCollection<string> configured)
{
    private readonly Dictionary<string, Func<IServiceProvider, IChatClient>> _added = new(StringComparer.OrdinalIgnoreCase);

    private readonly Dictionary<string, Dialect> _dialects = new(StringComparer.OrdinalIgnoreCase);

    public void Add(string name, Func<IServiceProvider, IChatClient> clientFactory, Dialect? dialect)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(name);

        if (configured.Contains(name, StringComparer.OrdinalIgnoreCase))
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
    public IReadOnlyList<string> NamesWith(RouterConfiguration configuration) =>
        [.. configuration.Providers.Values.Select(static provider => provider.Name), .. _added.Keys];

    /// <summary>Makes the client of every provider, or goes on with the one that was made before where nothing about it has changed.</summary>
    public IReadOnlyList<PooledClient> Create(RouterConfiguration configuration, ConfigurationText text, RouterGeneration? before, IServiceProvider services)
    {
        var clients = new List<PooledClient>();
        var time = services.GetService<TimeProvider>();
        var logger = services.GetService<ILoggerFactory>()?.CreateLogger(ConfigurationLog.Category);
        var make = services.GetService<ProviderClientFactory>() ?? (static options => new OpenAICompatibleChatClient(options));
        var dialectsAreSame = before is not null && text.IsSameAs(before.Text, static path => path.StartsWith("Dialects:", StringComparison.OrdinalIgnoreCase));
        try
        {
            foreach (var provider in configuration.Providers.Values)
            {
                var isSame = dialectsAreSame && before!.Settings.Providers.TryGetValue(provider.Name, out var old) && AreSame(old, provider);
                clients.Add(isSame ? Of(before!, provider.Name).Share() : new PooledClient(provider.Name, make(OptionsOf(provider, time)), logger));
            }

            foreach (var (name, clientFactory) in _added)
                clients.Add(before is null ? new PooledClient(name, clientFactory(services), logger) : Of(before, name).Share());
            return clients;
        }
        catch
        {
            clients.ForEach(static client => client.Release());
            throw;
        }
    }

    /// <summary>Notes the endpoints that name a provider that is neither configured nor added, and providers that are both.</summary>
    public void RefuseUnknown(RouterConfiguration configuration, ConfigurationErrors errors)
    {
        var known = NamesWith(configuration);
        foreach (var (path, provider) in configuration.ProviderReferences)
            if (!known.Contains(provider, StringComparer.OrdinalIgnoreCase))
                errors.Add(path, KnownProviders.TryGet(provider, out _)
                    ? $"'{provider}' is a provider that MeaiRouter knows, but it is not configured. Add it to Providers."
                    : $"'{provider}' is not a provider.{Suggestion.For(provider, known)}");

        foreach (var provider in configuration.Providers.Keys.Where(_added.ContainsKey))
            errors.Add($"{RouterConfiguration.SectionName}:Providers:{provider}", "is added in code already. Give this one another name.");
    }

    private static PooledClient Of(RouterGeneration generation, string provider) =>
        generation.Clients.First(client => client.Provider.Equals(provider, StringComparison.OrdinalIgnoreCase));

    // All that its client is made of.
    private static bool AreSame(ProviderConfiguration one, ProviderConfiguration other) =>
        one.Name == other.Name && one.BaseUrl == other.BaseUrl && one.KeyHeader == other.KeyHeader
        && one.ApiKeys.SequenceEqual(other.ApiKeys)
        && one.Headers.Count == other.Headers.Count && one.Headers.All(header => other.Headers.TryGetValue(header.Key, out var value) && value == header.Value)
        && one.Dialects.SequenceEqual(other.Dialects);

    private Model WithDialects(Model model) => model with
    {
        Endpoints =
        [
            .. model.Endpoints.Select(endpoint => ReferenceEquals(endpoint.Dialect, Dialect.Default) && _dialects.TryGetValue(endpoint.Provider, out var dialect)
                ? endpoint with { Dialect = dialect }
                : endpoint),
        ],
    };

    private static OpenAICompatibleOptions OptionsOf(ProviderConfiguration provider, TimeProvider? time) => new()
    {
        Provider = provider.Name,
        BaseUrl = provider.BaseUrl,
        ApiKeys = provider.ApiKeys,
        KeyHeader = provider.KeyHeader,
        Headers = provider.Headers,
        Spelling = provider.Spelling,
        TimeProvider = time ?? TimeProvider.System,
    };
}
