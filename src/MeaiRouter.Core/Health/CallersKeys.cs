using System.Buffers;
using System.Buffers.Binary;
using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Text;
using MeaiRouter.Catalog;
using MeaiRouter.Collections;
using MeaiRouter.Keys;

namespace MeaiRouter.Health;

/// <summary>The health of endpoints when called with keys of callers: as much as fits, the least used forgotten. Digests of keys, never keys.</summary>
internal sealed class CallersKeys(TimeProvider time, HealthOptions options)
{
    private readonly SecondChanceMap<EndpointHealth> _endpoints = new(Math.Max(1, options.CallersKeys));
    private readonly SecondChanceMap<KnownKey> _keys = new(Math.Max(1, options.CallersKeys));

    public EndpointHealth For(Model model, ModelEndpoint endpoint, ProviderKey key)
    {
        var digest = Digest(key.Secret, endpoint.Provider.ToUpperInvariant(), model.Id, endpoint.Tag, endpoint.Model);
        return _endpoints.Find(digest) ?? _endpoints.GetOrAdd(digest, new EndpointHealth(time, options, Keys(endpoint, key)));
    }

    private EndpointKeys Keys(ModelEndpoint endpoint, ProviderKey key)
    {
        var digest = Digest(key.Secret, endpoint.Provider.ToUpperInvariant());
        var known = _keys.Find(digest) ?? _keys.GetOrAdd(digest, new KnownKey(options));
        var quota = endpoint.QuotaDomain is { } domain
            ? known.Quotas.GetOrAdd(domain, static (_, options) => new Quota(options), options)
            : new Quota(options);
        return new EndpointKeys([new EndpointKey(key.Name, null, known.Rest, quota, options)]);
    }

    private static ulong Digest(params ReadOnlySpan<string> texts)
    {
        var length = 0;
        foreach (var text in texts)
            length += Encoding.UTF8.GetMaxByteCount(text.Length) + 1;

        var bytes = ArrayPool<byte>.Shared.Rent(length);
        var end = 0;
        foreach (var text in texts)
        {
            end += Encoding.UTF8.GetBytes(text, bytes.AsSpan(end));
            bytes[end++] = 0;
        }

        Span<byte> digest = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(bytes.AsSpan(0, end), digest);
        ArrayPool<byte>.Shared.Return(bytes, clearArray: true);
        return BinaryPrimitives.ReadUInt64LittleEndian(digest);
    }

    private sealed class KnownKey(HealthOptions options)
    {
        public KeyRest Rest { get; } = new(options);

        public ConcurrentDictionary<string, Quota> Quotas { get; } = new(StringComparer.Ordinal);
    }
}
