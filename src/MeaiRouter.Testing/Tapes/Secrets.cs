using System.Text.RegularExpressions;

namespace MeaiRouter.Testing;

/// <summary>Finds what must not stand on a tape: the keys a request was made with, and whatever looks like a key or an account.</summary>
internal static partial class Secrets
{
    public const string Removed = "[removed]";

    private const int ShortestKey = 6;

    private static readonly string[] KeyHeaders = ["Authorization", "Proxy-Authorization", "api-key", "x-api-key", "x-goog-api-key", "Cookie"];

    /// <summary>The keys of a request.</summary>
    /// <param name="headers">Its headers.</param>
    /// <param name="query">The values of its query.</param>
    public static IReadOnlyList<string> Of(Func<string, string?> headers, IEnumerable<string> query) =>
    [
        .. KeyHeaders.Select(headers).OfType<string>().SelectMany(static value => value.Split(' ', ';', ',')).Concat(query)
            .Where(static value => value.Length >= ShortestKey).OrderByDescending(static value => value.Length),
    ];

    /// <summary>Where in a text secrets stand, in order and without overlap.</summary>
    public static IEnumerable<Range> In(string text, IReadOnlyList<string> keys)
    {
        var found = new List<(int Start, int End)>();
        foreach (var key in keys)
            for (var at = text.IndexOf(key, StringComparison.Ordinal); at >= 0; at = text.IndexOf(key, at + key.Length, StringComparison.Ordinal))
                found.Add((at, at + key.Length));
        foreach (Match match in LooksLikeOne().Matches(text))
            found.Add((match.Index, match.Index + match.Length));

        var end = 0;
        foreach (var place in found.OrderBy(static place => place.Start).ThenByDescending(static place => place.End))
        {
            if (place.End <= end)
                continue;

            yield return Math.Max(place.Start, end)..place.End;
            end = place.End;
        }
    }

    // Keys as providers write them (OpenAI, Anthropic, OpenRouter, Groq, xAI, Perplexity, NVIDIA, Hugging Face, Google), also cut short by stars as in OpenAI's
    // 401, and the ids of organizations, projects and users that error texts name.
    [GeneratedRegex(@"\b(?:(?:sk|gsk|xai|pplx|nvapi|hf|csk|fw|r8)[-_][A-Za-z0-9_\-*]{8,}|AIza[A-Za-z0-9_\-]{20,}|(?:org|proj|user|acct)[-_][A-Za-z0-9]{12,})", RegexOptions.CultureInvariant)]
    private static partial Regex LooksLikeOne();
}
