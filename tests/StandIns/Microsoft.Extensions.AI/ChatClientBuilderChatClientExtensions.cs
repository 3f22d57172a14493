namespace Microsoft.Extensions.AI;

/// <summary>Starts a pipeline from a client.</summary>
public static class ChatClientBuilderChatClientExtensions
{
    public static ChatClientBuilder AsBuilder(this IChatClient innerClient) => new(innerClient);
}
