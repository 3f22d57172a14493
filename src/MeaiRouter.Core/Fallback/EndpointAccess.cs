using MeaiRouter.Attempts;
using MeaiRouter.Catalog;
using MeaiRouter.Load;
using MeaiRouter.Routing;
using Microsoft.Extensions.AI;

namespace MeaiRouter.Fallback;

/// <summary>What stands between an attempt and its call: room at the endpoint, and the user's own policy. By default nothing does.</summary>
internal sealed class EndpointAccess : IDisposable
{
    private readonly FallbackOptions _options;
    private readonly LoadBoard _load;
    private readonly IAttemptPolicy? _policy;

    public EndpointAccess(FallbackOptions options, TimeProvider time)
    {
        _options = options;
        _policy = options.AttemptPolicy;
        _load = new LoadBoard(options.Load, time);
        LoadMetrics.Boards.Add(_load);
    }

    /// <summary>Whether nothing stands before the attempt's call.</summary>
    public bool IsFree(RouteAttempt attempt) => _policy is null && LoadOf(attempt) is null;

    /// <summary>Whether a call at a candidate would be made at once rather than wait for room.</summary>
    public bool HasRoom(in Candidate candidate) => _load.HasRoom(candidate.Model, candidate.Endpoint);

    /// <summary>The same for a client that is in no catalogue, by its name.</summary>
    public bool HasRoom(string client) => _load.Of(client)?.HasRoom != false;

    /// <summary>Finds what is named in the options but not in the catalogue.</summary>
    /// <exception cref="ArgumentException">There is such a name.</exception>
    public void Check(ModelCatalog catalog, IReadOnlyList<string> providers)
    {
        var serving = catalog.Models.SelectMany(static model => model.Endpoints).Select(static endpoint => endpoint.Provider);
        string[] known = [.. serving.Concat(providers).Distinct(StringComparer.OrdinalIgnoreCase)];
        foreach (var provider in _options.Load.Providers.Keys)
        {
            if (!known.Contains(provider, StringComparer.OrdinalIgnoreCase))
                throw new ArgumentException($"Load.Providers limits '{provider}', which is no provider of the pipeline.{NearestNames.Hint(provider, known)}");
        }

        _policy?.Check(catalog, known);
    }

    /// <summary>Waits for room, then makes the call through the policy.</summary>
    public async Task<T> OpenAsync<T>(
        RouteContext context, ChatOptions request, IChatClient client, RouteAttempt attempt,
        Func<IChatClient, RouteAttempt, CancellationToken, Task<T>> call, CancellationToken cancellationToken)
        where T : class
    {
        if (LoadOf(attempt) is { } load)
            await load.EnterAsync(attempt, request.GetPriority(), request.GetCaller() ?? "", cancellationToken).ConfigureAwait(false);

        return _policy is null
            ? await call(client, attempt, cancellationToken).ConfigureAwait(false)
            : await new RepeatableCall<T>(context, client, attempt, call).RunAsync(_policy, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Its lines are no longer measured.</summary>
    public void Dispose() => LoadMetrics.Boards.Remove(_load);

    private EndpointLoad? LoadOf(RouteAttempt attempt) =>
        attempt is { Model: { } model, Endpoint: { } endpoint } ? _load.Of(model, endpoint) : _load.Of(attempt.Provider);
}
