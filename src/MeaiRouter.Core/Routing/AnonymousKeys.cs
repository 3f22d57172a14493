using System.Security.Cryptography;
using System.Text;

namespace MeaiRouter.Routing;

/// <summary>Names for keys of callers who give none: alike for the same key, and telling nothing about it.</summary>
internal static class AnonymousKeys
{
    // Of this process only, so that nobody can try out of which key a name was made.
    private static readonly byte[] Salt = RandomNumberGenerator.GetBytes(32);

    public static string NameOf(string secret) => $"caller-{Convert.ToHexStringLower(HMACSHA256.HashData(Salt, Encoding.UTF8.GetBytes(secret)).AsSpan(0, 8))}";
}
