using Microsoft.Extensions.AI;

namespace MeaiRouter.Attempts;

/// <summary>Decides, once an attempt has begun and before its provider is called, whether it may be made.</summary>
internal interface IAttemptGate
{
    /// <summary>Admits the attempt, or throws what it then fails with.</summary>
    /// <param name="attempt">The attempt.</param>
    /// <param name="messages">The messages it sends.</param>
    /// <param name="options">The options it sends: the attempt's own, which the gate may narrow.</param>
    /// <param name="cancellationToken">Cancelled with the attempt.</param>
    /// <exception cref="RouterException">The attempt may not be made.</exception>
    ValueTask AdmitAsync(RouteAttempt attempt, IReadOnlyList<ChatMessage> messages, ChatOptions options, CancellationToken cancellationToken);
}
