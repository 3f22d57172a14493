using Microsoft.Extensions.AI;

namespace MeaiRouter.Tests;

internal static class BothModes
{
    /// <summary>Asks in either mode and gives back the whole response.</summary>
    public static Task<ChatResponse> AskAsync(this IChatClient client, bool streaming, ChatOptions? options = null) => streaming
        ? client.GetStreamingResponseAsync("hi", options).ToChatResponseAsync()
        : client.GetResponseAsync("hi", options);
}
