using Microsoft.Extensions.AI;

namespace MeaiRouter.Registration;

/// <summary>Keeps a client that belongs to somebody else from being disposed with the pipeline.</summary>
internal sealed class BorrowedChatClient(IChatClient client) : DelegatingChatClient(client)
{
    protected override void Dispose(bool disposing) => base.Dispose(disposing: false);
}
