using MeaiRouter.Caching;
using MeaiRouter.Configuration;
using MeaiRouter.Endpoints;
using MeaiRouter.Fallback;
using MeaiRouter.Health;
using MeaiRouter.Logging;
using MeaiRouter.Normalization;
using MeaiRouter.Resilience;
using MeaiRouter.Routing;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace MeaiRouter.Registration;

/// <summary>Makes generations of one router's pipeline. What is known at run time goes on from one to the next, as far as its settings are the same.</summary>
internal sealed class RouterBuild(ProviderClients providers, IReadOnlyList<Action<ResilienceOptions>> resilience, IServiceProvider services)
{
    private readonly TimeProvider _time = services.GetService<TimeProvider>() ?? TimeProvider.System;
    private readonly IResponseCacheStore _answers = ResponseCacheChatClientBuilderExtensions.StoreOf(services) ?? ResponseCacheChatClientBuilderExtensions.OwnStore();
    private readonly ILogger? _attemptLog = services.GetService<ILoggerFactory>()?.CreateLogger(typeof(FallbackChatClient).FullName!);
    private HealthOptions? _healthOptions;
    private HealthBoard? _health;

    /// <summary>Makes the pipeline of a configuration.</summary>
    /// <param name="settings">The configuration.</param>
    /// <param name="text">The same as text.</param>
    /// <param name="catalog">Its catalogue.</param>
    /// <param name="before">The generation in force; <see langword="null"/> for the first.</param>
    /// <exception cref="ArgumentException">Something is wrong that only the whole shows. Nothing has changed then.</exception>
    public RouterGeneration Make(RouterConfiguration settings, ConfigurationText text, ConfiguredCatalog.Following catalog, RouterGeneration? before)
    {
        var health = _health is not null && _healthOptions == settings.Health ? _health : NewBoard(settings.Health);
        var clients = providers.Create(settings, text, before, services);
        IAttemptPolicy? policy = null;
        IChatClient? made = null;
        try
        {
            // From the inside out, so that what was made is at hand where the next layer fails.
            made = new EndpointChatClient(
                clients.ToDictionary(static client => client.Provider, static client => client.Client, StringComparer.OrdinalIgnoreCase), leaveOpen: true);
            Wrap(inner => inner.UseNormalization(options =>
            {
                settings.Normalization(options);
                options.MediaFetcher ??= services.GetService<IMediaFetcher>();
            }));
            Wrap(inner => inner.UseFallback(options =>
            {
                settings.Fallback(options);
                options.OnFailover = _attemptLog is null ? null : turn => AttemptLog.Write(_attemptLog, turn);
                options.Predecessor = before?.Pipeline.GetService<FallbackChatClient>();
                if (before is not null && ResilienceIsSame(settings, text, before))
                    options.AttemptPolicy = before.Policy;
                else
                    options.UseResilience(Resilience(settings));
                policy = options.AttemptPolicy;
            }));
            Wrap(inner => inner.UseRouting(catalog.Catalog, options =>
            {
                settings.Routing(options);
                options.Health = health;
                options.Predecessor = before?.Pipeline.GetService<RouterChatClient>();
            }));
            Wrap(inner => inner.UseResponseCache(_answers, settings.ResponseCache));
            (_health, _healthOptions) = (health, settings.Health);
            return new RouterGeneration(settings, text, catalog.Catalog, clients, made, policy);
        }
        catch
        {
            made?.Dispose();
            foreach (var client in clients)
                client.Release();
            throw;
        }

        void Wrap(Func<ChatClientBuilder, ChatClientBuilder> layer) => made = layer(made!.AsBuilder()).Build(services);
    }

    private HealthBoard NewBoard(HealthOptions settings)
    {
        var board = new HealthBoard(_time, settings);
        if (services.GetService<ILoggerFactory>() is { } loggers)
            new HealthLog(loggers.CreateLogger(typeof(HealthBoard).FullName!), _time).Follow(board);
        return board;
    }

    // Polly's breakers and the like keep their state in the pipelines.
    private static bool ResilienceIsSame(RouterConfiguration settings, ConfigurationText text, RouterGeneration before) =>
        settings.ResilienceText == before.Settings.ResilienceText
        && text.IsSameAs(before.Text, static path => path.Contains(":Resilience:", StringComparison.OrdinalIgnoreCase));

    private Action<ResilienceOptions> Resilience(RouterConfiguration settings) => options =>
    {
        options.TimeProvider = _time;
        settings.Resilience(options);
        foreach (var configure in resilience)
            configure(options);
    };
}
