using System.Text.Json.Serialization;
using MeaiRouter.Keys;
using MeaiRouter.Routing;

namespace MeaiRouter.Gateway.ProviderKeys;

/// <summary>A provider's key that its owner has left with the gateway (BYOK), and for whom it is used.</summary>
internal sealed record OwnedKey
{
    public required string Id { get; init; }

    public required string Provider { get; init; }

    /// <summary>What its owner, traces and health call it.</summary>
    public required string Name { get; init; }

    /// <summary>Enough of the key to recognize it, and far too little to guess it.</summary>
    public required string Label { get; init; }

    /// <summary>The key, encrypted.</summary>
    public required string Protected { get; init; }

    public ProviderKeyUse Use { get; init; }

    public bool Disabled { get; init; }

    /// <summary>Its place among those of the same use, the smallest first.</summary>
    public int SortOrder { get; init; }

    /// <summary>Ids of the models it is for, in which <c>*</c> stands for any run of characters; empty for all.</summary>
    public IReadOnlyList<string> AllowedModels { get; init; } = [];

    /// <summary>The end users it is for; empty for all.</summary>
    public IReadOnlyList<string> AllowedUsers { get; init; } = [];

    /// <summary>The hashes of the gateway's keys it is for; empty for all.</summary>
    public IReadOnlyList<string> AllowedKeys { get; init; } = [];

    public DateTimeOffset CreatedAt { get; init; }

    public DateTimeOffset UpdatedAt { get; init; }

    /// <summary>How often it was written to the database.</summary>
    [JsonIgnore]
    public long Version { get; init; }

    /// <summary>The key itself; <see langword="null"/> if what it was encrypted with is not there any more.</summary>
    [JsonIgnore]
    public ProviderKey? Opened { get; init; }

    /// <summary>Whether requests with a key of the gateway, for a user, may be made with it.</summary>
    public bool IsFor(string? keyHash, string? user) =>
        (AllowedKeys.Count == 0 || (keyHash is not null && AllowedKeys.Contains(keyHash, StringComparer.OrdinalIgnoreCase)))
        && (AllowedUsers.Count == 0 || (user is not null && AllowedUsers.Contains(user, StringComparer.Ordinal)));
}
