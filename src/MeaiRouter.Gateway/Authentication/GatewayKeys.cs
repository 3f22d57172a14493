using MeaiRouter.Gateway.Errors;
using Microsoft.AspNetCore.Http;

namespace MeaiRouter.Gateway.Authentication;

/// <summary>Admits callers who present a key; without any, and without a management key that could create some, everybody.</summary>
internal sealed class GatewayKeys
{
    private const string Scheme = "Bearer ";
    private const string AnthropicHeader = "x-api-key";

    private readonly IReadOnlyList<GatewayKey> _configured;
    private readonly SecretDigest? _management;
    private readonly TimeProvider _time;
    private KeyTable _table;
    private volatile bool _isStale;

    /// <param name="configured">The keys of the configuration.</param>
    /// <param name="management">The digest of the management key, if there is one.</param>
    /// <param name="time">The clock by which keys expire.</param>
    public GatewayKeys(IReadOnlyList<GatewayKey> configured, SecretDigest? management, TimeProvider time)
    {
        (_configured, _management, _time) = (configured, management, time);
        _table = new KeyTable(configured);
    }

    /// <summary>Whether everybody is admitted.</summary>
    public bool AreOpen => _management is null && Table.Keys.Count == 0;

    /// <summary>The keys in force.</summary>
    public KeyTable Table => Volatile.Read(ref _table);

    /// <summary>Puts other keys in force beside those of the configuration, for every request that begins from now on.</summary>
    public void Replace(IEnumerable<GatewayKey> stored)
    {
        Volatile.Write(ref _table, new KeyTable([.. _configured, .. stored]));
        _isStale = false;
    }

    /// <summary>Notes that there may be keys nobody here knows of, because the store cannot be read. A stranger is then asked to come back.</summary>
    public void NoteStale() => _isStale = true;

    /// <summary>Whether a key came with the request, right or wrong.</summary>
    public static bool HasKey(HttpRequest request) => Secret(request) is not null;

    /// <summary>Admits the caller or says why not.</summary>
    /// <exception cref="GatewayException">The key is missing, unknown, not valid any more, or not for this.</exception>
    public Caller Admit(HttpRequest request, Access access)
    {
        if (access == Access.Anyone)
            return default;

        var secret = Secret(request);
        if (AreOpen)
            return access != Access.Management ? default : throw GatewayException.Forbidden("There is no management key. Set MeaiRouter:Gateway:AdminKey.");
        if (secret is null)
            throw GatewayException.Unauthorized("No key was given. Send it as 'Authorization: Bearer KEY'.");

        var digest = SecretDigest.Of(secret.AsSpan().Trim());
        if (_management is { } management && management.Equals(digest))
        {
            return access != Access.Inference
                ? new Caller(null, IsManagement: true)
                : throw GatewayException.Forbidden("The management key cannot be used for inference. Create a key with POST /v1/keys and send that.");
        }

        var key = Find(digest);
        return access != Access.Management
            ? new Caller(key, IsManagement: false)
            : throw GatewayException.Forbidden(_management is null
                ? "There is no management key. Set MeaiRouter:Gateway:AdminKey."
                : "This key is for inference. Send the management key.");
    }

    // A bearer token, or Anthropic's header.
    private static string? Secret(HttpRequest request)
    {
        var header = request.Headers.Authorization.ToString();
        if (header.StartsWith(Scheme, StringComparison.OrdinalIgnoreCase))
            return header[Scheme.Length..];
        return request.Headers[AnthropicHeader].ToString() is { Length: > 0 } own ? own : null;
    }

    private GatewayKey Find(SecretDigest digest)
    {
        if (!Table.TryFind(digest, out var found))
        {
            throw _isStale
                ? GatewayException.Unavailable("Keys cannot be read at the moment, so nobody can tell whether this one is valid. Try again.")
                : GatewayException.WrongKey("The key is not known here.");
        }

        var now = _time.GetUtcNow();
        if (found.Secret.ExpiresAt <= now)
            throw GatewayException.Unauthorized("The key was rotated. Send the new one.");
        if (found.Key.ExpiresAt <= now)
            throw GatewayException.Unauthorized("The key has expired.");
        return !found.Key.Disabled ? found.Key : throw GatewayException.Unauthorized("The key is disabled.");
    }
}
