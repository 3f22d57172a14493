namespace MeaiRouter.EntityFrameworkCore.Keys;

/// <summary>A gateway's key as the database keeps it: never the secret.</summary>
/// <param name="Hash">What names the key for good.</param>
/// <param name="Name">The name, told from others without regard to case.</param>
/// <param name="Version">Counts the changes, so that of two who change it at the same time one notices.</param>
/// <param name="Document">Everything about it, as JSON.</param>
public sealed record StoredKey(string Hash, string Name, long Version, string Document);
