namespace MeaiRouter.EntityFrameworkCore.Keys;

/// <summary>A code as the database keeps it: never the code itself.</summary>
/// <param name="Digest">The digest of the code.</param>
/// <param name="ExpiresAt">When it is void, to the millisecond.</param>
/// <param name="Document">What it is good for, as JSON.</param>
public sealed record StoredCode(string Digest, DateTimeOffset ExpiresAt, string Document);
