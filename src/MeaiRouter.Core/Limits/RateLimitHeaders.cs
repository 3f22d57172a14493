using System.Globalization;

namespace MeaiRouter.Limits;

/// <summary>Gathers what the headers of a response say about rate limits. Nothing is allocated unless they say something.</summary>
/// <remarks>
/// <c>x-ratelimit-{limit|remaining|reset}-{requests|tokens}</c> (OpenAI and most compatible ones, resets such as <c>6m0s</c>, <c>20ms</c> or
/// seconds), <c>x-ratelimit-{limit|remaining|reset}</c> (OpenRouter and others, resets in Unix time), and
/// <c>anthropic-ratelimit-{requests|tokens|input-tokens|output-tokens}-{limit|remaining|reset}</c> (resets as RFC 3339 times).
/// </remarks>
/// <param name="now">The time the response arrived, from which resets given as times are counted.</param>
public struct RateLimitHeaders(DateTimeOffset now)
{
    private const string Common = "x-ratelimit-";
    private const string Anthropic = "anthropic-ratelimit-";

    // Below: seconds from now. From there on: a Unix time in seconds (2001 and later), and from 10¹² on in milliseconds.
    private const double FirstUnixSeconds = 1e9;
    private const double FirstUnixMilliseconds = 1e12;

    private RateLimit? _requests;
    private RateLimit? _tokens;
    private RateLimit? _input;
    private RateLimit? _output;

    /// <summary>The limits that the headers so far state; <see langword="null"/> if none states any.</summary>
    public readonly RateLimits? Limits => _requests is null && _tokens is null && _input is null && _output is null
        ? null
        : new RateLimits { Requests = _requests, Tokens = _tokens, InputTokens = _input, OutputTokens = _output };

    /// <summary>Reads the limits from all of a response's headers.</summary>
    /// <param name="headers">Names and values. Names are compared without regard to case; headers of others and malformed values are passed over.</param>
    /// <param name="now">The time the response arrived, from which resets given as times are counted.</param>
    /// <returns>The limits; <see langword="null"/> if no header states any.</returns>
    public static RateLimits? Read(IEnumerable<KeyValuePair<string, string>> headers, DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(headers);

        var read = new RateLimitHeaders(now);
        foreach (var (name, value) in headers)
            read.Add(name, value);
        return read.Limits;
    }

    /// <summary>Whether a header of this name may state a limit, so that its value is worth having.</summary>
    /// <param name="name">The header's name, in any case.</param>
    public static bool MayBe(ReadOnlySpan<char> name) =>
        name.StartsWith(Common, StringComparison.OrdinalIgnoreCase) || name.StartsWith(Anthropic, StringComparison.OrdinalIgnoreCase);

    /// <summary>Reads one header. Headers of others and malformed values are passed over.</summary>
    /// <param name="name">The header's name, in any case.</param>
    /// <param name="value">Its value.</param>
    public void Add(ReadOnlySpan<char> name, ReadOnlySpan<char> value)
    {
        // One family puts the field first, the other last.
        if (name.StartsWith(Common, StringComparison.OrdinalIgnoreCase))
        {
            var rest = name[Common.Length..];
            var dash = rest.IndexOf('-');
            Set(dash < 0 ? "requests" : rest[(dash + 1)..], dash < 0 ? rest : rest[..dash], value.Trim());
        }
        else if (name.StartsWith(Anthropic, StringComparison.OrdinalIgnoreCase))
        {
            var rest = name[Anthropic.Length..];
            var dash = rest.LastIndexOf('-');
            if (dash >= 0)
                Set(rest[..dash], rest[(dash + 1)..], value.Trim());
        }
    }

    private void Set(ReadOnlySpan<char> subject, ReadOnlySpan<char> field, ReadOnlySpan<char> value)
    {
        if (Is(subject, "requests"))
            Set(ref _requests, field, value);
        else if (Is(subject, "tokens"))
            Set(ref _tokens, field, value);
        else if (Is(subject, "input-tokens"))
            Set(ref _input, field, value);
        else if (Is(subject, "output-tokens"))
            Set(ref _output, field, value);
    }

    private readonly void Set(ref RateLimit? limit, ReadOnlySpan<char> field, ReadOnlySpan<char> value)
    {
        var known = limit.GetValueOrDefault();
        if (Is(field, "limit") && Count(value) is { } most)
            limit = known with { Limit = most };
        else if (Is(field, "remaining") && Count(value) is { } left)
            limit = known with { Remaining = left };
        else if (Is(field, "reset") && Reset(value) is { } time)
            limit = known with { ResetsIn = time };
    }

    private static bool Is(ReadOnlySpan<char> word, string expected) => word.Equals(expected, StringComparison.OrdinalIgnoreCase);

    private static long? Count(ReadOnlySpan<char> value) =>
        long.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out var count) ? count : null;

    private readonly TimeSpan? Reset(ReadOnlySpan<char> value)
    {
        if (double.TryParse(value, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var number))
        {
            return Duration.Bounded(number switch
            {
                >= FirstUnixMilliseconds => (number / 1000) - now.ToUnixTimeSeconds(),
                >= FirstUnixSeconds => number - now.ToUnixTimeSeconds(),
                _ => number,
            });
        }

        if (value.Contains("T", StringComparison.OrdinalIgnoreCase)
            && DateTimeOffset.TryParse(value, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var time))
        {
            return Duration.Bounded((time - now).TotalSeconds);
        }

        return Duration.Whole(value);
    }
}
