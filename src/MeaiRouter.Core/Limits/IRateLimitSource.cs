using Microsoft.Extensions.AI;

namespace MeaiRouter.Limits;

/// <summary>Marks a client that tells the observer of each call what the provider's response, good or bad, says about its limits.</summary>
/// <remarks>
/// Found through <c>GetService</c>. Only the options of such a client ever hold an observer: it is for
/// <see cref="ChatOptionsRateLimitExtensions.GetRateLimitObserver(ChatOptions)"/> and not for the provider, so it must not be sent on.
/// </remarks>
public interface IRateLimitSource;
