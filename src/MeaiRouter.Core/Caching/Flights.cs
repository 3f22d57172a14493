using System.Collections.Concurrent;

namespace MeaiRouter.Caching;

/// <summary>Requests under way, so that equal ones wait for the first instead of asking again.</summary>
internal sealed class Flights
{
    private readonly ConcurrentDictionary<string, TaskCompletionSource<CachedAnswer?>> _flights = new(StringComparer.Ordinal);

    /// <summary>Joins the flight of a key, or begins it.</summary>
    /// <returns>The flight to wait for; <see langword="null"/> if the caller leads it and must <see cref="Land"/> it.</returns>
    public Task<CachedAnswer?>? JoinOrLead(string key)
    {
        var own = new TaskCompletionSource<CachedAnswer?>(TaskCreationOptions.RunContinuationsAsynchronously);
        var flight = _flights.GetOrAdd(key, own);
        return ReferenceEquals(flight, own) ? null : flight.Task;
    }

    /// <summary>Ends the flight that the caller leads.</summary>
    /// <param name="key">The key.</param>
    /// <param name="answer">The answer for those who wait; <see langword="null"/> if each must see for himself.</param>
    public void Land(string key, CachedAnswer? answer)
    {
        if (_flights.TryRemove(key, out var flight))
            flight.SetResult(answer);
    }
}
