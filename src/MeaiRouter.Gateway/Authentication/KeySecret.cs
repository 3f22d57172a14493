namespace MeaiRouter.Gateway.Authentication;

/// <summary>A secret that admits a key's callers.</summary>
/// <param name="Digest">Its SHA-256, in hexadecimal letters.</param>
/// <param name="ExpiresAt">Until when it admits, after another has taken its place; <see langword="null"/> for the current one.</param>
internal sealed record KeySecret(string Digest, DateTimeOffset? ExpiresAt = null);
