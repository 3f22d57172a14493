namespace MeaiRouter.Load;

/// <summary>How many attempts may be in flight at once, and how many may wait.</summary>
/// <param name="MaxConcurrency">Attempts in flight, at least 1.</param>
/// <param name="QueueLimit">Requests that may wait; <see langword="null"/> for <see cref="LoadOptions.QueueLimit"/>.</param>
public sealed record ConcurrencyLimit(int MaxConcurrency, int? QueueLimit = null);
