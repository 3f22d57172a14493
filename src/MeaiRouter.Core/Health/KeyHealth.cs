using MeaiRouter.Limits;

namespace MeaiRouter.Health;

/// <summary>How one of a provider's keys fares at an endpoint.</summary>
/// <param name="Name">The key's name, which reveals nothing of it.</param>
/// <param name="AvailableIn">How long until the key is due again, because it was refused or its quota is used up; zero if it is available.</param>
/// <param name="RateLimits">What the provider last said about the key's limits; <see langword="null"/> if nothing.</param>
public sealed record KeyHealth(string Name, TimeSpan AvailableIn, RateLimits? RateLimits);
