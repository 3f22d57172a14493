using MeaiRouter.Attempts;
using MeaiRouter.Catalog;

namespace MeaiRouter.Fallback;

/// <summary>What the calls of each attempt run through: the seam for retries, timeouts and breakers of your own. It must be safe for concurrent use.</summary>
/// <remarks>
/// For a stream it covers the time until the first content; from then on the caller has part of the answer and nothing is repeated.
/// <c>UseResilience</c> of the package MeaiRouter puts pipelines of Polly's here.
/// </remarks>
public interface IAttemptPolicy
{
    /// <summary>Makes the call of an attempt.</summary>
    /// <typeparam name="T">What an answer is, opened or whole.</typeparam>
    /// <param name="attempt">The attempt: which provider, model and endpoint it calls.</param>
    /// <param name="makeCall">
    /// Makes the call. It may be invoked again, after the earlier call has ended: each repetition is an attempt of its own in the trace,
    /// for health and for costs, and the one before is booked as failed.
    /// </param>
    /// <param name="cancellationToken">Cancelled when nobody wants the answer any more.</param>
    /// <returns>What the last call returned.</returns>
    /// <exception cref="RouterException">The attempt failed. Other exceptions are read as any client's are.</exception>
    ValueTask<T> ExecuteAsync<T>(RouteAttempt attempt, Func<CancellationToken, ValueTask<T>> makeCall, CancellationToken cancellationToken);

    /// <summary>Compares the policy with the catalogue whose endpoints it will see. Called when a pipeline with a router is built.</summary>
    /// <param name="catalog">The catalogue.</param>
    /// <param name="providers">The providers of its endpoints, and those the pipeline could call besides.</param>
    /// <exception cref="ArgumentException">The policy names something that does not exist.</exception>
    void Check(ModelCatalog catalog, IReadOnlyList<string> providers)
    {
    }
}
