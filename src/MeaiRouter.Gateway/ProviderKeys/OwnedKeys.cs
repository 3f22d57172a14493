using MeaiRouter.EntityFrameworkCore.Keys;
using MeaiRouter.Gateway.Authentication;
using MeaiRouter.Gateway.Errors;
using MeaiRouter.Keys;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.Logging;

namespace MeaiRouter.Gateway.ProviderKeys;

/// <summary>The providers' keys that owners have left here. What is done holds for the next request; other processes with the same store learn it in seconds.</summary>
internal sealed class OwnedKeys(KeyVault vault, TimeProvider time, ILogger<OwnedKeys> logger, KeyStore? store = null) : IAsyncDisposable
{
    private readonly OneAtATime _changing = new();
    private OwnedKey[] _all = [];

    /// <summary>Whether keys left here outlive the process.</summary>
    public bool AreKept => store is not null;

    /// <summary>All keys, in the order in which they are used.</summary>
    public IReadOnlyList<OwnedKey> All => Volatile.Read(ref _all);

    /// <summary>Puts into a request's options the keys that are for it.</summary>
    public void AddTo(ChatOptions options, GatewayKey? key)
    {
        var all = Volatile.Read(ref _all);
        if (all.Length == 0)
            return;

        var user = options.GetUser();
        foreach (var own in all)
        {
            if (own is { Disabled: false, Opened: { } opened } && own.IsFor(key?.Hash, user))
                options.WithProviderKey(own.Provider, opened, own.Use, own.AllowedModels);
        }
    }

    /// <summary>Takes over the keys of the store.</summary>
    public Task RefreshAsync(CancellationToken cancellationToken) => store is null ? Task.CompletedTask : _changing.RunAsync(async () =>
    {
        var known = _all.ToDictionary(key => key.Id);
        var found = (await store.ReadAsync(cancellationToken)).Select(OwnedKeyDocument.Read)
            .Select(key => known.TryGetValue(key.Id, out var same) && same.Version == key.Version ? same : Opened(key));
        PutInForce(found);
        return true;
    }, cancellationToken);

    /// <summary>A key by its id.</summary>
    /// <exception cref="GatewayException">There is none.</exception>
    public OwnedKey Find(string id) => Array.Find(_all, key => key.Id == id) ?? throw GatewayException.NotFound($"There is no provider's key with the id '{id}'.");

    /// <summary>Takes a key in.</summary>
    /// <param name="key">All about it but the secret.</param>
    /// <param name="secret">The secret.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public Task<OwnedKey> AddAsync(OwnedKey key, string secret, CancellationToken cancellationToken) => _changing.RunAsync(async () =>
    {
        var now = time.GetUtcNow();
        var own = Opened(key with { Id = $"byok-{Guid.CreateVersion7():n}", Protected = vault.Close(secret), CreatedAt = now, UpdatedAt = now, Version = 1 });
        if (store is not null)
            await StoreAsync(() => store.AddAsync(OwnedKeyDocument.Write(own), cancellationToken));
        PutInForce([.. _all, own]);
        ProviderKeyLog.Changed(logger, own.Name, own.Id, own.Provider, "added");
        return own;
    }, cancellationToken);

    /// <summary>Changes a key.</summary>
    /// <param name="id">Its id.</param>
    /// <param name="change">What is changed, but for the secret.</param>
    /// <param name="secret">The secret in place of the one it has; <see langword="null"/> to leave that.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public Task<OwnedKey> ChangeAsync(string id, Func<OwnedKey, OwnedKey> change, string? secret, CancellationToken cancellationToken) => _changing.RunAsync(async () =>
    {
        var old = Find(id);
        var changed = change(old) with { UpdatedAt = time.GetUtcNow(), Version = old.Version + 1 };
        changed = Opened(secret is null ? changed : changed with { Protected = vault.Close(secret) });
        if (store is not null && !await StoreAsync(() => store.ReplaceAsync(OwnedKeyDocument.Write(changed), cancellationToken)))
            throw GatewayException.Conflict("Somebody else changed the key at the same time. Read it and try again.");
        PutInForce(_all.Select(key => key.Id == id ? changed : key));
        ProviderKeyLog.Changed(logger, changed.Name, changed.Id, changed.Provider, "changed");
        return changed;
    }, cancellationToken);

    /// <summary>Forgets a key.</summary>
    public Task<bool> DeleteAsync(string id, CancellationToken cancellationToken) => _changing.RunAsync(async () =>
    {
        var key = Find(id);
        if (store is not null)
            await StoreAsync(() => store.DeleteAsync(id, cancellationToken));
        PutInForce(_all.Where(other => other.Id != id));
        ProviderKeyLog.Changed(logger, key.Name, key.Id, key.Provider, "deleted");
        return true;
    }, cancellationToken);

    public async ValueTask DisposeAsync()
    {
        _changing.Dispose();
        if (store is not null)
            await store.DisposeAsync();
    }

    private OwnedKey Opened(OwnedKey key)
    {
        if (vault.Open(key.Protected) is { } secret)
            return key with { Opened = new ProviderKey(key.Name, secret) { IsCallers = true } };

        ProviderKeyLog.Unreadable(logger, key.Name, key.Id);
        return key with { Opened = null };
    }

    private void PutInForce(IEnumerable<OwnedKey> keys) =>
        Volatile.Write(ref _all, [.. keys.OrderBy(key => key.SortOrder).ThenBy(key => key.CreatedAt).ThenBy(key => key.Id, StringComparer.Ordinal)]);

    private static Task<T> StoreAsync<T>(Func<Task<T>> work) => StoreCall.RunAsync(work, StoreCall.KeysUnreachable);
}
