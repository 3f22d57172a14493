using MeaiRouter.Gateway.Errors;
using Microsoft.AspNetCore.Http;

namespace MeaiRouter.Gateway.Authentication;

/// <summary>
/// Admits callers who present a key; without any, and without a management key that could create some, everybody. Once there was one, the gateway stays closed
/// until the process ends, whatever becomes of it.
/// </summary>
internal sealed class GatewayKeys
{
    private const string Scheme = "Bearer ";
    private const string AnthropicHeader = "x-api-key";

    // As often as it is tried again to learn what was spent.
    private static readonly TimeSpan UntilSpendingIsKnown = TimeSpan.FromSeconds(5);

    private readonly Lock _replacing = new();
    private readonly TimeProvider _time;
    private Force _force;
    private volatile bool _isStale;

    /// <param name="configured">The keys of the configuration.</param>
    /// <param name="management">The digest of the management key, if there is one.</param>
    /// <param name="time">The clock by which keys expire.</param>
    public GatewayKeys(IReadOnlyList<GatewayKey> configured, SecretDigest? management, TimeProvider time)
    {
        _time = time;
        _force = Opening(new Force(configured, [], new KeyTable([]), management, new KeyTable(configured), IsOpen: true));
    }

    /// <summary>Whether everybody is admitted.</summary>
    public bool AreOpen => Volatile.Read(ref _force).IsOpen;

    /// <summary>The digest of the management key in force, if there is one.</summary>
    public SecretDigest? Management => Volatile.Read(ref _force).Management;

    /// <summary>The keys in force.</summary>
    public KeyTable Table => Volatile.Read(ref _force).Table;

    /// <summary>Puts other keys in force beside those of the configuration, for every request that begins from now on.</summary>
    public void Replace(IEnumerable<GatewayKey> stored)
    {
        lock (_replacing)
            Put(_force with { Stored = [.. stored] });
        _isStale = false;
    }

    /// <summary>Puts other keys of the configuration in force, and another management key, for every request that begins from now on.</summary>
    /// <param name="configured">The keys that admit.</param>
    /// <param name="waiting">Those whose limits do not hold yet: who presents one is asked to come back.</param>
    /// <param name="management">The digest of the management key, if there is one.</param>
    public void Reconfigure(IEnumerable<GatewayKey> configured, IEnumerable<GatewayKey> waiting, SecretDigest? management)
    {
        lock (_replacing)
            Put(_force with { Configured = [.. configured], Waiting = new KeyTable(waiting), Management = management });
    }

    /// <summary>Notes that there may be keys nobody here knows of, because the store cannot be read. A stranger is then asked to come back.</summary>
    public void NoteStale() => _isStale = true;

    /// <summary>Whether a key came with the request, right or wrong.</summary>
    public static bool HasKey(HttpRequest request) => TryRead(request, out _);

    /// <summary>Admits the caller or says why not.</summary>
    /// <exception cref="GatewayException">The key is missing, unknown, not valid any more, or not for this.</exception>
    public Caller Admit(HttpRequest request, Access access)
    {
        if (access == Access.Anyone)
            return default;

        var force = Volatile.Read(ref _force);
        if (force.IsOpen)
            return access != Access.Management ? default : throw GatewayException.Forbidden("There is no management key. Set MeaiRouter:Gateway:AdminKey.");
        if (!TryRead(request, out var secret))
            throw GatewayException.Unauthorized("No key was given. Send it as 'Authorization: Bearer KEY'.");

        var digest = SecretDigest.Of(secret.Trim());
        if (force.Management is { } management && management.Equals(digest))
        {
            return access != Access.Inference
                ? new Caller(null, IsManagement: true)
                : throw GatewayException.Forbidden("The management key cannot be used for inference. Create a key with POST /v1/keys and send that.");
        }

        var key = Find(force, digest);
        return access != Access.Management
            ? new Caller(key, IsManagement: false)
            : throw GatewayException.Forbidden(force.Management is null
                ? "There is no management key. Set MeaiRouter:Gateway:AdminKey."
                : "This key is for inference. Send the management key.");
    }

    // A bearer token, or Anthropic's header.
    private static bool TryRead(HttpRequest request, out ReadOnlySpan<char> secret)
    {
        var header = request.Headers.Authorization.ToString();
        var isBearer = header.StartsWith(Scheme, StringComparison.OrdinalIgnoreCase);
        secret = isBearer ? header.AsSpan(Scheme.Length) : request.Headers[AnthropicHeader].ToString();
        return isBearer || secret.Length > 0;
    }

    private void Put(Force force) => Volatile.Write(ref _force, Opening(force with { Table = new KeyTable([.. force.Configured, .. force.Stored]) }));

    // From open to closed, and never back: that a key cannot be used now must not let everybody in.
    private static Force Opening(Force force) =>
        force with { IsOpen = force.IsOpen && force.Management is null && force.Table.Keys.Count == 0 && force.Waiting.Keys.Count == 0 };

    private GatewayKey Find(Force force, SecretDigest digest)
    {
        var isWaiting = false;
        if (!force.Table.TryFind(digest, out var found) && !(isWaiting = force.Waiting.TryFind(digest, out found)))
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
        if (found.Key.Disabled)
            throw GatewayException.Unauthorized("The key is disabled.");
        return !isWaiting
            ? found.Key
            : throw GatewayException.Unavailable(
                "What was spent with this key cannot be read at the moment, so nobody can tell whether its limit allows more. Try again.", wait: UntilSpendingIsKnown);
    }

    // One reference, so that a request never sees the keys of one configuration and the management key of another.
    private sealed record Force(
        IReadOnlyList<GatewayKey> Configured, IReadOnlyList<GatewayKey> Stored, KeyTable Waiting, SecretDigest? Management, KeyTable Table, bool IsOpen);
}
