using System.Collections.Frozen;
using System.Text.Json.Serialization;
using MeaiRouter.Keys;
using MeaiRouter.Policies;

namespace MeaiRouter.Gateway.Authentication;

/// <summary>A key that callers of the gateway present, with all that holds for their requests. Of its secrets only digests are kept.</summary>
internal sealed record GatewayKey
{
    /// <summary>The name by which logs, budgets and reports refer to the key. It never changes: what was spent is kept under it.</summary>
    public required string Name { get; init; }

    /// <summary>What names the key in paths, also after a rotation: the SHA-256 of its first secret.</summary>
    public required string Hash { get; init; }

    /// <summary>Enough of the current secret to recognize it, and far too little to guess it.</summary>
    public required string Label { get; init; }

    /// <summary>What admits its callers: the current secret, and those that a rotation still lets be.</summary>
    public required IReadOnlyList<KeySecret> Secrets { get; init; }

    public decimal? LimitUsd { get; init; }

    public LimitReset LimitReset { get; init; }

    public DateTimeOffset? ExpiresAt { get; init; }

    public bool Disabled { get; init; }

    public int? RequestsPerMinute { get; init; }

    public int? TokensPerMinute { get; init; }

    /// <summary>What requests with the key may do; <see langword="null"/> for everything.</summary>
    public RoutingPolicy? Policy { get; init; }

    /// <summary>What its owner notes about it.</summary>
    public IReadOnlyDictionary<string, string> Metadata { get; init; } = FrozenDictionary<string, string>.Empty;

    public DateTimeOffset? CreatedAt { get; init; }

    public DateTimeOffset? UpdatedAt { get; init; }

    /// <summary>The keys with which providers are called for requests with the key (BYOK), by provider.</summary>
    [JsonIgnore]
    public IReadOnlyDictionary<string, ProviderKey> ProviderKeys { get; init; } = FrozenDictionary<string, ProviderKey>.Empty;

    /// <summary>Whether the configuration has it, so that it cannot be changed over HTTP.</summary>
    [JsonIgnore]
    public bool IsConfigured { get; init; }

    /// <summary>How often it was written to the database.</summary>
    [JsonIgnore]
    public long Version { get; init; }
}
