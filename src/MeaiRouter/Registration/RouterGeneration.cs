using MeaiRouter.Catalog;
using MeaiRouter.Configuration;
using MeaiRouter.Fallback;
using Microsoft.Extensions.AI;

namespace MeaiRouter.Registration;

/// <summary>A pipeline made from one configuration. Requests keep it until they end, also when another has taken its place.</summary>
internal sealed class RouterGeneration(
    RouterConfiguration settings, ConfigurationText text, LiveCatalog catalog, IReadOnlyList<PooledClient> clients, IChatClient pipeline, IAttemptPolicy? policy)
{
    // The place in force is the first user.
    private int _users = 1;

    public RouterConfiguration Settings => settings;

    public ConfigurationText Text => text;

    public IReadOnlyList<PooledClient> Clients => clients;

    /// <summary>What answers: everything but budgets and costs, which outlive it.</summary>
    public IChatClient Pipeline => pipeline;

    /// <summary>What the attempts run through; <see langword="null"/> for nothing.</summary>
    public IAttemptPolicy? Policy => policy;

    /// <summary>Begins a request, unless the last one has ended and another generation is in force.</summary>
    public bool TryEnter()
    {
        var users = Volatile.Read(ref _users);
        while (users > 0)
        {
            var seen = Interlocked.CompareExchange(ref _users, users + 1, users);
            if (seen == users)
                return true;
            users = seen;
        }

        return false;
    }

    /// <summary>Ends a request, or the time in force. The last one clears up.</summary>
    public void Leave()
    {
        if (Interlocked.Decrement(ref _users) > 0)
            return;

        pipeline.Dispose();
        catalog.Dispose();
        foreach (var client in clients)
            client.Release();
    }
}
