using MeaiRouter.Budgets;
using MeaiRouter.Configuration;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Primitives;

namespace MeaiRouter.Registration;

/// <summary>
/// Reads the configuration again whenever it changes, and puts all of it in force at once, or nothing. A request sees one configuration from its beginning to
/// its end: the generation of the pipeline that was in force when it began.
/// </summary>
internal sealed class RouterReload : IDisposable
{
    // A file that is being written changes faster than it can be read; the last change has a token of its own.
    private const int MostReadings = 5;

    private readonly IConfiguration _configuration;
    private readonly ConfiguredCatalog _catalog;
    private readonly ProviderClients _providers;
    private readonly RouterBuild _build;
    private readonly BudgetBook? _budgets;
    private readonly Func<IEnumerable<IConfigurationFollower>> _followers;
    private readonly ILogger? _logger;
    private readonly Lock _reading = new();
    private readonly ConfigurationText _atStart;
    private ConfigurationText _seen;
    private IDisposable? _registration;
    private bool _isDisposed;

    /// <param name="configuration">The configuration to follow.</param>
    /// <param name="first">What it said when it was first read.</param>
    /// <param name="text">The same as text.</param>
    /// <param name="catalog">The catalogue.</param>
    /// <param name="providers">The providers.</param>
    /// <param name="build">Makes pipelines.</param>
    /// <param name="budgets">The budgets to replace; <see langword="null"/> where somebody else does.</param>
    /// <param name="followers">Who else is configured in the section.</param>
    /// <param name="logger">Where to say what became of a change.</param>
    public RouterReload(
        IConfiguration configuration, RouterConfiguration first, ConfigurationText text, ConfiguredCatalog catalog, ProviderClients providers, RouterBuild build,
        BudgetBook? budgets, Func<IEnumerable<IConfigurationFollower>> followers, ILogger? logger)
    {
        (_configuration, _catalog, _providers, _build, _budgets, _followers, _logger) = (configuration, catalog, providers, build, budgets, followers, logger);
        _atStart = _seen = text;
        Client = new ReloadingChatClient(build.Make(first, text, catalog.First, before: null));
    }

    /// <summary>What answers requests.</summary>
    public ReloadingChatClient Client { get; }

    /// <summary>Begins to follow, with what has changed since the configuration was first read.</summary>
    public void Start()
    {
        _registration = ChangeToken.OnChange(_configuration.GetReloadToken, Read);
        Read();
    }

    public void Dispose()
    {
        _registration?.Dispose();
        lock (_reading)
            _isDisposed = true;
        Client.Dispose();
    }

    private void Read()
    {
        lock (_reading)
        {
            if (_isDisposed)
                return;

            var followers = _followers().ToList();
            for (var reading = 1; reading <= MostReadings; reading++)
            {
                var text = ConfigurationText.Of(RouterConfiguration.SectionOf(_configuration));
                if (text.ChangesSince(_seen).Count == 0)
                    return;

                var errors = new ConfigurationErrors();
                var settings = RouterConfiguration.Read(_configuration, Environment.GetEnvironmentVariable, errors);
                _providers.RefuseUnknown(settings, errors);
                var providers = _providers.NamesWith(settings);
                var changes = followers.ConvertAll(follower => follower.Prepare(_configuration, settings, providers, errors));

                // What was read while it changed is of two minds.
                if (ConfigurationText.Of(RouterConfiguration.SectionOf(_configuration)).ChangesSince(text).Count > 0 && reading < MostReadings)
                    continue;

                _seen = text;
                if (errors.IsEmpty)
                    TakeOver(settings, text, changes, followers);
                else
                    Refuse(errors);
                return;
            }
        }
    }

    private void TakeOver(
        RouterConfiguration settings, ConfigurationText text, List<Action> changes, List<IConfigurationFollower> followers)
    {
        var before = Client.Current;
        ConfiguredCatalog.Following? catalog = null;
        RouterGeneration next;
        try
        {
            catalog = _catalog.Follow(settings);
            next = _build.Make(settings, text, catalog, before);
        }
        catch (Exception exception)
        {
            // Whatever it is, also of the user's own code: whoever fires a change token has no use for it.
            if (catalog is not null)
                _catalog.Drop(catalog);
            var errors = new ConfigurationErrors();
            if (exception is MeaiRouterConfigurationException wrong)
                errors.Include(() => throw wrong);
            else
                errors.Add(RouterConfiguration.SectionName, exception.Message);
            Refuse(errors, exception);
            return;
        }

        _catalog.Use(catalog);
        Client.Replace(next);
        _budgets?.Replace(settings.Budgets);
        _catalog.Note(null);
        changes.ForEach(static change => change());
        Tell(text.ChangesSince(before.Text), text.ChangesSince(_atStart), followers);
    }

    private void Refuse(ConfigurationErrors errors, Exception? cause = null)
    {
        var why = new MeaiRouterConfigurationException(errors.All).Message;
        _catalog.Note(why);
        if (_logger is not null)
            ConfigurationLog.Refused(_logger, why, cause);
    }

    private void Tell(IReadOnlyList<string> changes, IReadOnlyList<string> sinceStart, List<IConfigurationFollower> followers)
    {
        if (_logger is null)
            return;

        // A part that nobody here reads is none of ours.
        var ours = changes.Where(path => !path.StartsWith("Gateway:", StringComparison.OrdinalIgnoreCase) || followers.Exists(follower => follower.Reads(path))).ToList();
        var readAtStart = ours.Where(path => followers.Exists(follower => follower.NeedsRestart(path))).ToList();

        // What is again as it was when the process started needs no restart.
        ConfigurationLog.Reloaded(_logger, [.. ours.Except(readAtStart)], [.. readAtStart.Intersect(sinceStart)]);
    }
}
