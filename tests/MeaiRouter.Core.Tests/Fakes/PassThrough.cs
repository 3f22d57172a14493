using Microsoft.Extensions.AI;

namespace MeaiRouter.Core.Tests.Fakes;

/// <summary>A layer of somebody else's that adds nothing.</summary>
internal sealed class PassThrough(IChatClient inner) : DelegatingChatClient(inner);
