using System.Runtime.CompilerServices;
using Microsoft.Extensions.AI;

namespace MeaiRouter.Routing;

/// <summary>Walks a pipeline from outside to inside, through layers of ours and of others.</summary>
internal static class PipelineWalk
{
    // No pipeline is this deep; one that seems to be goes round in circles.
    private const int Deepest = 64;

    /// <summary>The client and what it wraps, as far as one can see.</summary>
    public static IEnumerable<IChatClient> Inwards(IChatClient client)
    {
        var next = client;
        for (var depth = 0; next is not null && depth < Deepest; depth++)
        {
            yield return next;
            next = InnerOf(next);
        }
    }

    /// <summary>The same, and everything that hangs on it: the clients of providers and backups, and what those wrap.</summary>
    public static IEnumerable<IChatClient> Everything(IChatClient client)
    {
        foreach (var layer in Inwards(client))
        {
            yield return layer;
            if (layer is not IPipelineLayer ours)
                continue;
            foreach (var (_, branch) in ours.Branches)
            {
                foreach (var inside in Everything(branch))
                    yield return inside;
            }
        }
    }

    /// <summary>Whether a client is of a class, or of one derived from it, that lives in a package we do not depend on.</summary>
    public static bool Is(IChatClient client, string fullName, bool orDerived)
    {
        for (var type = client.GetType(); type is not null; type = orDerived ? type.BaseType : null)
        {
            if (type.FullName == fullName)
                return true;
        }

        return false;
    }

    private static IChatClient? InnerOf(IChatClient client)
    {
        if (client is DelegatingChatClient layer)
            return InnerClient(layer);

        // Somebody else's wrapper of another kind shows the next layer of ours at best.
        return client is not IPipelineLayer && client.GetService(typeof(IPipelineLayer)) is IChatClient inner && !ReferenceEquals(inner, client) ? inner : null;
    }

    // Protected, and so part of what the class promises; nobody but its subclasses can ask otherwise.
    [UnsafeAccessor(UnsafeAccessorKind.Method, Name = "get_InnerClient")]
    private static extern IChatClient InnerClient(DelegatingChatClient layer);
}
