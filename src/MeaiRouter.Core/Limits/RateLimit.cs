namespace MeaiRouter.Limits;

/// <summary>One limit of a provider. Every part is <see langword="null"/> where the headers are silent.</summary>
/// <param name="Limit">How much is allowed per period.</param>
/// <param name="Remaining">How much of it is left.</param>
/// <param name="ResetsIn">How long until it is full again.</param>
public readonly record struct RateLimit(long? Limit, long? Remaining, TimeSpan? ResetsIn);
