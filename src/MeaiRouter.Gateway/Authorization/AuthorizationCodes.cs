using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using MeaiRouter.Gateway.Authentication;
using MeaiRouter.Gateway.Errors;

namespace MeaiRouter.Gateway.Authorization;

/// <summary>Codes that applications exchange for keys (OAuth PKCE, RFC 7636): each once, within ten minutes, at the process that gave it out.</summary>
internal sealed class AuthorizationCodes(TimeProvider time)
{
    // OpenRouter's life of a code.
    private static readonly TimeSpan Life = TimeSpan.FromMinutes(10);

    // 256 bits.
    private const int CodeBytes = 32;
    private const int Most = 1_000;

    private readonly Lock _lock = new();
    private readonly Dictionary<string, (Challenge Challenge, GatewayKey Key, DateTimeOffset End)> _codes = [];

    /// <summary>Gives out a code.</summary>
    /// <param name="challenge">What whoever exchanges it must answer.</param>
    /// <param name="key">The key that is created then.</param>
    /// <exception cref="GatewayException">Too many codes wait to be exchanged.</exception>
    public string Give(Challenge challenge, GatewayKey key)
    {
        var code = Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(CodeBytes));
        var now = time.GetUtcNow();
        lock (_lock)
        {
            if (_codes.Count >= Most)
                ForgetOld(now);
            if (_codes.Count >= Most)
                throw GatewayException.Unavailable($"{Most} codes wait to be exchanged for keys. Try again in a few minutes.");
            _codes[code] = (challenge, key, now + Life);
        }

        return code;
    }

    /// <summary>Takes a code back for good, also where the answer to its challenge is wrong.</summary>
    /// <returns>The key to be created.</returns>
    /// <exception cref="GatewayException">There is no such code, or the answer is wrong.</exception>
    public GatewayKey Take(string code, string verifier, bool? isHashed)
    {
        (Challenge Challenge, GatewayKey Key, DateTimeOffset End) given;
        lock (_lock)
        {
            if (!_codes.Remove(code, out given) || given.End <= time.GetUtcNow())
                throw GatewayException.Forbidden("The code is unknown, was used already, or has expired. Ask for another.");
        }

        if (isHashed is { } method && method != given.Challenge.IsHashed)
            throw GatewayException.Invalid($"'code_challenge_method' must be the '{given.Challenge.Method}' that the code was asked for with. Ask for another code.");
        return given.Challenge.IsAnsweredBy(verifier)
            ? given.Key
            : throw GatewayException.Forbidden("'code_verifier' does not belong to the code's challenge. Ask for another code.");
    }

    private void ForgetOld(DateTimeOffset now)
    {
        foreach (var (code, _) in _codes.Where(entry => entry.Value.End <= now).ToList())
            _codes.Remove(code);
    }

    /// <summary>What proves that whoever exchanges a code is who asked for it.</summary>
    /// <param name="Value">The challenge.</param>
    /// <param name="IsHashed">Whether it is the SHA-256 of the verifier rather than the verifier itself.</param>
    internal readonly record struct Challenge(string Value, bool IsHashed)
    {
        public const string Hashed = "S256";
        public const string Plain = "plain";

        public string Method => IsHashed ? Hashed : Plain;

        public bool IsAnsweredBy(string verifier)
        {
            var answer = IsHashed ? Base64Url.EncodeToString(SHA256.HashData(Encoding.UTF8.GetBytes(verifier))) : verifier;
            return CryptographicOperations.FixedTimeEquals(Encoding.UTF8.GetBytes(answer), Encoding.UTF8.GetBytes(Value));
        }
    }
}
