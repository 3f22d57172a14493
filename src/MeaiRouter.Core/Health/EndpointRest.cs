using MeaiRouter.Attempts;

namespace MeaiRouter.Health;

/// <summary>Why an endpoint rests.</summary>
/// <param name="Why">
/// The failure it rests for: the last that opened its breaker, <see cref="FailureKind.RateLimited"/> where its quota is used up, or that with which its
/// keys were refused.
/// </param>
/// <param name="Status">The HTTP status of that failure; <see langword="null"/> where it had none.</param>
/// <param name="For">How long the endpoint has been resting, failed probes in between included.</param>
/// <param name="AvailableIn">How long until it is due again.</param>
public sealed record EndpointRest(FailureKind Why, int? Status, TimeSpan For, TimeSpan AvailableIn);
