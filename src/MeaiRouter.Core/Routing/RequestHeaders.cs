using System.Buffers;

namespace MeaiRouter.Routing;

/// <summary>Headers that one request sends to the provider besides those its client is configured with.</summary>
/// <remarks>
/// They travel in <c>ChatOptions.AdditionalProperties</c> and only clients that know the key send them, as MeaiRouter.OpenAI's does. They are
/// never part of the body.
/// </remarks>
public static class RequestHeaders
{
    /// <summary>The key of the headers, an <c>IReadOnlyDictionary&lt;string, string&gt;</c>.</summary>
    public const string Key = "extra_headers";

    // RFC 9110, 5.6.2: the characters of a token.
    private static readonly SearchValues<char> Token =
        SearchValues.Create("!#$%&'*+-.^_`|~0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz");

    // They say who calls or where a message ends, which the client decides.
    private static readonly string[] Reserved =
    [
        "Authorization", "Proxy-Authorization", "x-api-key", "api-key", "x-goog-api-key", "Cookie", "Host", "Connection", "Transfer-Encoding",
        "TE", "Trailer", "Upgrade", "Expect", "Keep-Alive",
    ];

    /// <summary>What is wrong with a header, as a sentence that does not repeat its value; <see langword="null"/> if it may be sent.</summary>
    /// <param name="name">The name.</param>
    /// <param name="value">The value.</param>
    public static string? Problem(string name, string? value)
    {
        ArgumentNullException.ThrowIfNull(name);

        if (name.Length == 0 || name.AsSpan().ContainsAnyExcept(Token))
            return $"'{name}' is not the name of a header. Use letters, digits and hyphens.";
        if (Reserved.Contains(name, StringComparer.OrdinalIgnoreCase) || name.StartsWith("Content-", StringComparison.OrdinalIgnoreCase))
            return $"The header '{name}' is the provider's client's own. Configure it there, or remove it.";
        return value is null || value.AsSpan().ContainsAnyExceptInRange(' ', '~')
            ? $"The header '{name}' has a value that is missing or holds other characters than printable ASCII."
            : null;
    }
}
