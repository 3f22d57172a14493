using System.Buffers.Text;
using System.Security.Cryptography;
using MeaiRouter.Budgets;
using MeaiRouter.EntityFrameworkCore.Keys;
using MeaiRouter.Gateway.Authentication;
using MeaiRouter.Gateway.Errors;
using Microsoft.Extensions.Logging;

namespace MeaiRouter.Gateway.Accounts;

/// <summary>Creates, changes, rotates and deletes keys. What is done holds for the next request; other processes with the same store learn it in seconds.</summary>
internal sealed class KeyAccounts(
    GatewayKeys keys, KeyBudgets budgets, AccountReports reports, TimeProvider time, ILogger<KeyAccounts> logger, KeyStore? store = null) : IAsyncDisposable
{
    // 256 bits, which nobody guesses; so a fast digest is as good as a slow one.
    private const int SecretBytes = 32;
    private const string Prefix = "sk-mr-v1-";
    private const int LabelBeginning = 12;
    private const int LabelEnd = 3;

    private readonly OneAtATime _changing = new();
    private readonly Lock _replacing = new();
    private Dictionary<string, GatewayKey> _stored = new(StringComparer.OrdinalIgnoreCase);
    private Wanted _wanted = new([.. keys.Table.Keys.Where(static key => key.IsConfigured)], keys.Management, budgets.InForce);
    private Wanted? _inForce;

    /// <summary>Whether keys created here outlive the process.</summary>
    public bool AreKept => store is not null;

    /// <summary>Takes over the keys of the store, and their limits.</summary>
    /// <param name="anew">Whether to learn from the ledger what was spent under every budget, not only new ones.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>Whether the ledger's reports were complete.</returns>
    public Task<bool> RefreshAsync(bool anew, CancellationToken cancellationToken) => _changing.RunAsync(async () =>
    {
        try
        {
            var found = store is null ? _stored : (await store.ReadAsync(cancellationToken)).Select(KeyDocument.Read).ToDictionary(key => key.Hash, StringComparer.OrdinalIgnoreCase);
            if (!anew && ReferenceEquals(_inForce, Volatile.Read(ref _wanted)) && found.Count == _stored.Count && found.Values.All(key => _stored.TryGetValue(key.Hash, out var known) && known.Version == key.Version))
            {
                keys.Replace(_stored.Values);
                return true;
            }

            return await PutInForceAsync(found, anew, cancellationToken);
        }
        catch
        {
            if (store is not null)
                keys.NoteStale();
            throw;
        }
    }, cancellationToken);

    /// <summary>
    /// Takes over the keys and budgets of a changed configuration. What is taken away is so at once, and so is what a key is allowed; a key with a limit of which
    /// nobody knows yet how much was spent is admitted when that is known. A budget that another replaces holds until that one does.
    /// </summary>
    public void Reconfigure(IReadOnlyList<GatewayKey> configured, SecretDigest? management, IReadOnlyList<Budget> configuredBudgets)
    {
        lock (_replacing)
        {
            Volatile.Write(ref _wanted, new Wanted(configured, management, configuredBudgets));
            budgets.ReplaceKnown(KeyBudgets.All(configuredBudgets, [.. configured, .. keys.Table.Keys.Where(static key => !key.IsConfigured)]));
            var ready = configured.ToLookup(budgets.Hold);
            keys.Reconfigure(ready[true], ready[false], management);
        }

        _ = CompleteAsync();
    }

    /// <summary>Creates a key.</summary>
    /// <param name="key">What it is to be; its secret is drawn here.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>The key, and its secret, which is known to nobody afterwards.</returns>
    /// <exception cref="GatewayException">There is a key of that name, or the store is down.</exception>
    public Task<(GatewayKey Key, string Secret)> CreateAsync(GatewayKey key, CancellationToken cancellationToken) => _changing.RunAsync(async () =>
    {
        var secret = NewSecret();
        var digest = SecretDigest.Of(secret).ToString();
        var now = time.GetUtcNow();
        key = key with { Hash = digest, Label = LabelOf(secret), Secrets = [new KeySecret(digest)], CreatedAt = now, UpdatedAt = now, Version = 1 };

        var isTaken = Volatile.Read(ref _wanted).Keys.Concat(keys.Table.Keys).Any(other => string.Equals(other.Name, key.Name, StringComparison.OrdinalIgnoreCase));
        if (isTaken || (store is not null && !await StoreAsync(() => store.AddAsync(KeyDocument.Write(key), cancellationToken))))
            throw GatewayException.Conflict($"There is a key named '{key.Name}' already. Give this one another name.");

        await PutInForceAsync(new(_stored, StringComparer.OrdinalIgnoreCase) { [key.Hash] = key }, false, cancellationToken);
        AccountLog.Changed(logger, key.Name, key.Hash, "created");
        if (!AreKept)
            AccountLog.Vanishes(logger, key.Name);
        return (key, secret);
    }, cancellationToken);

    /// <summary>Changes a key.</summary>
    public Task<GatewayKey> ChangeAsync(string hash, Func<GatewayKey, GatewayKey> change, CancellationToken cancellationToken) =>
        _changing.RunAsync(() => ReplaceAsync(change(Changeable(hash)), "changed", cancellationToken), cancellationToken);

    /// <summary>Gives a key another secret; those it has admit for a while longer.</summary>
    /// <param name="hash">The key's hash, which stays.</param>
    /// <param name="overlap">For how long.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public Task<(GatewayKey Key, string Secret)> RotateAsync(string hash, TimeSpan overlap, CancellationToken cancellationToken) => _changing.RunAsync(async () =>
    {
        var key = Changeable(hash);
        var secret = NewSecret();
        var now = time.GetUtcNow();
        var end = now + overlap;
        var older = key.Secrets
            .Where(old => old.ExpiresAt is not { } expiry || expiry > now)
            .Select(old => old with { ExpiresAt = old.ExpiresAt < end ? old.ExpiresAt : end });
        var rotated = key with { Label = LabelOf(secret), Secrets = [new KeySecret(SecretDigest.Of(secret).ToString()), .. older] };
        return (await ReplaceAsync(rotated, "rotated", cancellationToken), secret);
    }, cancellationToken);

    /// <summary>Deletes a key. What was spent with it stays in the ledger, and counts again if a key of its name is created.</summary>
    public Task<bool> DeleteAsync(string hash, CancellationToken cancellationToken) => _changing.RunAsync(async () =>
    {
        var key = Changeable(hash);
        if (store is not null)
            await StoreAsync(() => store.DeleteAsync(key.Hash, cancellationToken));

        var left = new Dictionary<string, GatewayKey>(_stored, StringComparer.OrdinalIgnoreCase);
        left.Remove(key.Hash);
        await PutInForceAsync(left, false, cancellationToken);
        AccountLog.Changed(logger, key.Name, key.Hash, "deleted");
        return true;
    }, cancellationToken);

    /// <summary>A key by its hash.</summary>
    /// <exception cref="GatewayException">There is none.</exception>
    public GatewayKey Find(string hash) => keys.Table.Find(hash) ?? throw GatewayException.NotFound($"There is no key with the hash '{hash}'.");

    public async ValueTask DisposeAsync()
    {
        _changing.Dispose();
        if (store is not null)
            await store.DisposeAsync();
    }

    private async Task<GatewayKey> ReplaceAsync(GatewayKey key, string change, CancellationToken cancellationToken)
    {
        key = key with { UpdatedAt = time.GetUtcNow(), Version = key.Version + 1 };
        if (store is not null && !await StoreAsync(() => store.ReplaceAsync(KeyDocument.Write(key), cancellationToken)))
            throw GatewayException.Conflict("Somebody else changed the key at the same time. Read it and try again.");

        await PutInForceAsync(new(_stored, StringComparer.OrdinalIgnoreCase) { [key.Hash] = key }, false, cancellationToken);
        AccountLog.Changed(logger, key.Name, key.Hash, change);
        return key;
    }

    private GatewayKey Changeable(string hash) => Find(hash) is { IsConfigured: false } key
        ? key
        : throw GatewayException.Forbidden($"The key '{Find(hash).Name}' comes from the configuration. Change it there.");

    // Limits before keys: a key must not admit anybody before its limit holds.
    private async Task<bool> PutInForceAsync(Dictionary<string, GatewayKey> stored, bool anew, CancellationToken cancellationToken)
    {
        while (true)
        {
            var wanted = Volatile.Read(ref _wanted);
            var all = KeyBudgets.All(wanted.Budgets, wanted.Keys.Concat(stored.Values));
            var isComplete = await StoreAsync(() => budgets.LearnAsync(all, reports.ForBudgets, anew, cancellationToken));
            lock (_replacing)
            {
                // What the configuration has taken away meanwhile must not come back.
                if (!ReferenceEquals(wanted, _wanted))
                    continue;

                budgets.Replace(all);
                _stored = stored;
                keys.Replace(stored.Values);
                keys.Reconfigure(wanted.Keys, [], wanted.Management);
                _inForce = wanted;
                return isComplete;
            }
        }
    }

    private async Task CompleteAsync()
    {
        try
        {
            await _changing.RunAsync(() => PutInForceAsync(_stored, anew: false, CancellationToken.None), CancellationToken.None);
        }
        catch (Exception exception)
        {
            // Whoever looks for changes tries it again.
            AccountLog.Unreadable(logger, (exception.InnerException ?? exception).GetType().Name);
        }
    }

    private static Task<T> StoreAsync<T>(Func<Task<T>> work) => StoreCall.RunAsync(work, StoreCall.KeysUnreachable);

    // Not from the seeded source: a secret must be one that nobody can draw again.
    private static string NewSecret() => Prefix + Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(SecretBytes));

    private static string LabelOf(string secret) => $"{secret[..LabelBeginning]}...{secret[^LabelEnd..]}";

    // What the configuration says, of which a part may have to wait.
    private sealed record Wanted(IReadOnlyList<GatewayKey> Keys, SecretDigest? Management, IReadOnlyList<Budget> Budgets);
}
