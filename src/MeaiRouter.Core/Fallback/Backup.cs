using Microsoft.Extensions.AI;

namespace MeaiRouter.Fallback;

/// <summary>A client to turn to when others have failed.</summary>
/// <param name="Client">The client.</param>
/// <param name="Name">What traces and errors call it.</param>
internal sealed record Backup(IChatClient Client, string Name)
{
    public static Backup Of(IChatClient client, int index) => new(client, NameOf(client) ?? $"backup {index + 1}");

    public static string? NameOf(IChatClient client) => client.GetService<ChatClientMetadata>()?.ProviderName;
}
