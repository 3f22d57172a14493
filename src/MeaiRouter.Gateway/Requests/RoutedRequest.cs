using Microsoft.Extensions.AI;

namespace MeaiRouter.Gateway.Requests;

/// <summary>A request as the pipeline takes it: what the body asks for, within what the caller's key allows.</summary>
internal sealed record RoutedRequest(IReadOnlyList<ChatMessage> Messages, ChatOptions Options, bool IsStreamed)
{
    /// <summary>What providers are sent, where the request wants to see it.</summary>
    public UpstreamEcho? Echo { get; init; }
}
