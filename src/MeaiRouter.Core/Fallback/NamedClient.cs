using MeaiRouter.Health;
using Microsoft.Extensions.AI;

namespace MeaiRouter.Fallback;

/// <summary>A client that no catalogue describes.</summary>
/// <param name="Client">The client.</param>
/// <param name="Name">What traces and errors call it.</param>
/// <param name="Health">What is known of it from earlier attempts.</param>
internal sealed record NamedClient(IChatClient Client, string Name, EndpointHealth Health)
{
    public static NamedClient Of(IChatClient client, string name, TimeProvider time) =>
        new(client, client.GetService<ChatClientMetadata>()?.ProviderName ?? name, new EndpointHealth(time));
}
