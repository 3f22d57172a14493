using Microsoft.Extensions.AI;

namespace MeaiRouter.OpenAI.Tests;

/// <summary>Asks in either mode and gives one answer, so that a test can say the same about both.</summary>
internal static class Asking
{
    public static async Task<ChatResponse> AskAsync(
        this IChatClient client, bool streaming, string prompt = "Hello", ChatOptions? options = null, CancellationToken cancellationToken = default) =>
        streaming
            ? await client.GetStreamingResponseAsync(prompt, options, cancellationToken).ToChatResponseAsync(cancellationToken)
            : await client.GetResponseAsync(prompt, options, cancellationToken);
}
