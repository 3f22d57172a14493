using System.Buffers.Text;
using System.Security.Cryptography;
using MeaiRouter.EntityFrameworkCore.Keys;
using MeaiRouter.Gateway.Authentication;
using MeaiRouter.Gateway.Errors;

namespace MeaiRouter.Gateway.Authorization;

/// <summary>
/// Codes that applications exchange for keys (OAuth PKCE, RFC 7636): each once and within ten minutes, at any gateway on the same database; without one,
/// at the process that gave it out.
/// </summary>
internal sealed class AuthorizationCodes(TimeProvider time, AuthorizationCodeStore? store = null) : IAsyncDisposable
{
    // OpenRouter's life of a code.
    private static readonly TimeSpan Life = TimeSpan.FromMinutes(10);

    // 256 bits, which nobody guesses; so a fast digest is as good as a slow one.
    private const int CodeBytes = 32;
    private const int Most = 1_000;

    private readonly Lock _lock = new();
    private readonly Dictionary<string, StoredCode> _codes = [];

    /// <summary>Gives out a code.</summary>
    /// <param name="challenge">What whoever exchanges it must answer.</param>
    /// <param name="key">The key that is created then.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="GatewayException">Too many codes wait to be exchanged, or the database is down.</exception>
    public async Task<string> GiveAsync(Challenge challenge, GatewayKey key, CancellationToken cancellationToken)
    {
        var code = Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(CodeBytes));
        var now = time.GetUtcNow();
        var stored = new StoredCode(SecretDigest.Of(code).ToString(), now + Life, CodeDocument.Write(challenge, key));
        var hasRoom = store is null ? Add(stored, now) : await StoreAsync(() => store.AddAsync(stored, now, Most, cancellationToken));
        return hasRoom ? code : throw GatewayException.Unavailable($"{Most} codes wait to be exchanged for keys. Try again in a few minutes.");
    }

    /// <summary>Takes a code back for good, also where the answer to its challenge is wrong.</summary>
    /// <returns>The key to be created.</returns>
    /// <exception cref="GatewayException">There is no such code, the answer is wrong, or the database is down.</exception>
    public async Task<GatewayKey> TakeAsync(string code, string verifier, bool? isHashed, CancellationToken cancellationToken)
    {
        var digest = SecretDigest.Of(code).ToString();
        var taken = store is null ? Remove(digest) : await StoreAsync(() => store.TakeAsync(digest, cancellationToken));
        if (taken is null || taken.ExpiresAt <= time.GetUtcNow())
            throw GatewayException.Forbidden("The code is unknown, was used already, or has expired. Ask for another.");

        var (challenge, key) = CodeDocument.Read(taken.Document);
        if (isHashed is { } method && method != challenge.IsHashed)
            throw GatewayException.Invalid($"'code_challenge_method' must be the '{challenge.Method}' that the code was asked for with. Ask for another code.");
        return challenge.IsAnsweredBy(verifier)
            ? key
            : throw GatewayException.Forbidden("'code_verifier' does not belong to the code's challenge. Ask for another code.");
    }

    public ValueTask DisposeAsync() => store?.DisposeAsync() ?? ValueTask.CompletedTask;

    private bool Add(StoredCode code, DateTimeOffset now)
    {
        lock (_lock)
        {
            if (_codes.Count >= Most)
            {
                foreach (var (digest, _) in _codes.Where(entry => entry.Value.ExpiresAt <= now).ToList())
                    _codes.Remove(digest);
            }

            return _codes.Count < Most && _codes.TryAdd(code.Digest, code);
        }
    }

    private StoredCode? Remove(string digest)
    {
        lock (_lock)
            return _codes.Remove(digest, out var code) ? code : null;
    }

    private static Task<T> StoreAsync<T>(Func<Task<T>> work) => StoreCall.RunAsync(work, "The database of the codes cannot be reached at the moment. Try again.");
}
