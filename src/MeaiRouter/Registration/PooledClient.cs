using Microsoft.Extensions.AI;
using Microsoft.Extensions.Logging;

namespace MeaiRouter.Registration;

/// <summary>A provider's client that several generations of a pipeline may use. The last one to let go of it disposes it.</summary>
internal sealed class PooledClient(string provider, IChatClient client, ILogger? logger)
{
    private int _users = 1;

    public string Provider => provider;

    public IChatClient Client => client;

    /// <summary>Counts one more user. Only for somebody who knows that there is another.</summary>
    public PooledClient Share()
    {
        Interlocked.Increment(ref _users);
        return this;
    }

    /// <summary>Lets go of it. Never throws: whoever happens to be the last has an answer to return, or other clients to let go of.</summary>
    public void Release()
    {
        if (Interlocked.Decrement(ref _users) > 0)
            return;

        try
        {
            client.Dispose();
        }
        catch (Exception exception)
        {
            if (logger is not null)
                ConfigurationLog.ClientNotDisposed(logger, provider, exception);
        }
    }
}
