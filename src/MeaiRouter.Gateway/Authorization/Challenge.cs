using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;

namespace MeaiRouter.Gateway.Authorization;

/// <summary>What proves that whoever exchanges a code is who asked for it.</summary>
/// <param name="Digest">The base64url of the SHA-256 of the verifier. The verifier itself is not kept, also where the challenge was just that.</param>
/// <param name="IsHashed">Whether the challenge was that digest rather than the verifier.</param>
internal readonly record struct Challenge(string Digest, bool IsHashed)
{
    public const string Hashed = "S256";
    public const string Plain = "plain";

    public string Method => IsHashed ? Hashed : Plain;

    /// <summary>The challenge as an application sends it.</summary>
    public static Challenge Of(string value, bool isHashed) => new(isHashed ? value : DigestOf(value), isHashed);

    public bool IsAnsweredBy(string verifier) =>
        CryptographicOperations.FixedTimeEquals(Encoding.UTF8.GetBytes(DigestOf(verifier)), Encoding.UTF8.GetBytes(Digest));

    private static string DigestOf(string verifier) => Base64Url.EncodeToString(SHA256.HashData(Encoding.UTF8.GetBytes(verifier)));
}
