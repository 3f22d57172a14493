using Microsoft.Extensions.AI;

namespace MeaiRouter.Registration;

/// <summary>A provider's client that several generations of a pipeline may use. The last one to let go of it disposes it.</summary>
internal sealed class PooledClient(string provider, IChatClient client)
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

    public void Release()
    {
        if (Interlocked.Decrement(ref _users) == 0)
            client.Dispose();
    }
}
