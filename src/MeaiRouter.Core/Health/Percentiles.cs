namespace MeaiRouter.Health;

/// <summary>
/// What 50, 75, 90 and 99 % of the requests did at least as well as, within 6 %: for times the usual percentiles, for throughput a P99
/// that is the lowest of the four, as at OpenRouter.
/// </summary>
/// <param name="P50">The median.</param>
/// <param name="P75">75 % did at least as well.</param>
/// <param name="P90">90 % did at least as well.</param>
/// <param name="P99">99 % did at least as well.</param>
public readonly record struct Percentiles(double P50, double P75, double P90, double P99);
