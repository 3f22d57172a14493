using System.Collections.Concurrent;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace MeaiRouter.Testing;

/// <summary>What a provider has said of its reasoning, so that it knows whether it came back as it was.</summary>
/// <remarks>A signature carries what it signs and who signed it in a digest: it is recognized without being remembered.</remarks>
internal sealed class IssuedReasoning(string provider)
{
    private readonly ConcurrentDictionary<(string CallId, string Reasoning), bool> _byCall = new();
    private readonly ConcurrentDictionary<string, bool> _calls = new(StringComparer.Ordinal);

    public static string Sign(string provider, string content) => $"sig-{provider}-{Digest(content)}-{Digest(provider + Digest(content))}";

    public bool IsOwn(string signature) =>
        signature.Split('-') is [.., var content, var check] && signature == $"sig-{provider}-{content}-{check}" && check == Digest(provider + content);

    public bool IsSignatureOf(string signature, string content) => signature == Sign(provider, content);

    public void Note(string callId, string reasoning)
    {
        _calls[callId] = true;
        _byCall[(callId, reasoning)] = true;
    }

    /// <summary>Whether the call was made with this reasoning, as far as this provider made it at all.</summary>
    public bool Fits(string callId, string reasoning) => !_calls.ContainsKey(callId) || _byCall.ContainsKey((callId, reasoning));

    private static string Digest(string text) =>
        Convert.ToHexString(SHA256.HashData(Encoding.UTF8.GetBytes(text)).AsSpan(0, 8)).ToLower(CultureInfo.InvariantCulture);
}
