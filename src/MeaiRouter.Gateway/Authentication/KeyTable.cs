namespace MeaiRouter.Gateway.Authentication;

/// <summary>All keys at one moment, never changed: who is admitted is found without a lock.</summary>
internal sealed class KeyTable
{
    private readonly Dictionary<SecretDigest, (GatewayKey Key, KeySecret Secret)> _bySecret = [];
    private readonly Dictionary<string, GatewayKey> _byHash = new(StringComparer.OrdinalIgnoreCase);

    public KeyTable(IEnumerable<GatewayKey> keys)
    {
        Keys = [.. keys];
        foreach (var key in Keys)
        {
            _byHash.TryAdd(key.Hash, key);
            foreach (var secret in key.Secrets)
                _bySecret.TryAdd(SecretDigest.Parse(secret.Digest), (key, secret));
        }
    }

    public IReadOnlyList<GatewayKey> Keys { get; }

    public bool TryFind(SecretDigest digest, out (GatewayKey Key, KeySecret Secret) found) => _bySecret.TryGetValue(digest, out found);

    public GatewayKey? Find(string hash) => _byHash.GetValueOrDefault(hash);
}
