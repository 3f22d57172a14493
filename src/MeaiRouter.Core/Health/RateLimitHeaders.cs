using System.Buffers;
using System.Globalization;

namespace MeaiRouter.Health;

/// <summary>Reads the headers in which providers state their rate limits.</summary>
/// <remarks>
/// <c>x-ratelimit-{limit|remaining|reset}-{requests|tokens}</c> (OpenAI and most compatible ones, resets such as <c>6m0s</c>, <c>20ms</c> or
/// seconds), <c>x-ratelimit-{limit|remaining|reset}</c> (OpenRouter and others, resets in Unix time), and
/// <c>anthropic-ratelimit-{requests|tokens|input-tokens|output-tokens}-{limit|remaining|reset}</c> (resets as RFC 3339 times).
/// </remarks>
public static class RateLimitHeaders
{
    private const string Common = "x-ratelimit-";
    private const string Anthropic = "anthropic-ratelimit-";

    // Below: seconds from now. From there on: a Unix time in seconds (2001 and later), and from 10¹² on in milliseconds.
    private const double FirstUnixSeconds = 1e9;
    private const double FirstUnixMilliseconds = 1e12;

    private static readonly SearchValues<char> NumberCharacters = SearchValues.Create("0123456789.");

    /// <summary>Reads the limits from a response's headers.</summary>
    /// <param name="headers">Names and values. Names are compared without regard to case; headers of others and malformed values are passed over.</param>
    /// <param name="now">The time the response arrived, from which resets given as times are counted.</param>
    /// <returns>The limits; <see langword="null"/> if no header states any.</returns>
    public static RateLimits? Read(IEnumerable<KeyValuePair<string, string>> headers, DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(headers);

        RateLimit? requests = null, tokens = null, input = null, output = null;
        foreach (var (name, value) in headers)
        {
            if (Parts(name) is not var (subject, field))
                continue;

            switch (subject)
            {
                case "" or "requests":
                    Set(ref requests, field, value, now);
                    break;
                case "tokens":
                    Set(ref tokens, field, value, now);
                    break;
                case "input-tokens":
                    Set(ref input, field, value, now);
                    break;
                case "output-tokens":
                    Set(ref output, field, value, now);
                    break;
            }
        }

        return requests is null && tokens is null && input is null && output is null
            ? null
            : new RateLimits { Requests = requests, Tokens = tokens, InputTokens = input, OutputTokens = output };
    }

    // One family puts the field first, the other last.
    private static (string Subject, string Field)? Parts(string name)
    {
        var lower = name.ToLowerInvariant();
        if (lower.StartsWith(Common, StringComparison.Ordinal))
        {
            var rest = lower[Common.Length..];
            var dash = rest.IndexOf('-', StringComparison.Ordinal);
            return dash < 0 ? ("", rest) : (rest[(dash + 1)..], rest[..dash]);
        }

        if (lower.StartsWith(Anthropic, StringComparison.Ordinal))
        {
            var rest = lower[Anthropic.Length..];
            var dash = rest.LastIndexOf('-');
            return dash < 0 ? null : (rest[..dash], rest[(dash + 1)..]);
        }

        return null;
    }

    private static void Set(ref RateLimit? limit, string field, string value, DateTimeOffset now)
    {
        var known = limit.GetValueOrDefault();
        switch (field)
        {
            case "limit" when Count(value) is { } count:
                limit = known with { Limit = count };
                break;
            case "remaining" when Count(value) is { } count:
                limit = known with { Remaining = count };
                break;
            case "reset" when Reset(value.Trim(), now) is { } time:
                limit = known with { ResetsIn = time };
                break;
        }
    }

    private static long? Count(string value) =>
        long.TryParse(value, NumberStyles.AllowLeadingWhite | NumberStyles.AllowTrailingWhite, CultureInfo.InvariantCulture, out var count) ? count : null;

    private static TimeSpan? Reset(string value, DateTimeOffset now)
    {
        if (double.TryParse(value, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var number))
        {
            var seconds = number switch
            {
                >= FirstUnixMilliseconds => (number / 1000) - now.ToUnixTimeSeconds(),
                >= FirstUnixSeconds => number - now.ToUnixTimeSeconds(),
                _ => number,
            };
            return NotNegative(seconds);
        }

        if (value.Contains('T', StringComparison.OrdinalIgnoreCase)
            && DateTimeOffset.TryParse(value, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var time))
        {
            return NotNegative((time - now).TotalSeconds);
        }

        return Elapsed(value);
    }

    /// <summary>Reads a duration in units, such as <c>1h2m3.5s</c> or <c>250ms</c>.</summary>
    private static TimeSpan? Elapsed(ReadOnlySpan<char> value)
    {
        if (value.IsEmpty)
            return null;

        var seconds = 0.0;
        while (!value.IsEmpty)
        {
            var digits = value.IndexOfAnyExcept(NumberCharacters);
            if (digits <= 0 || !double.TryParse(value[..digits], NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var number))
                return null;

            value = value[digits..];
            var unitLength = value.IndexOfAny(NumberCharacters);
            var unit = unitLength < 0 ? value : value[..unitLength];
            value = value[unit.Length..];
            var factor = unit switch
            {
                "d" => 86_400,
                "h" => 3_600,
                "m" => 60,
                "s" => 1,
                "ms" => 1e-3,
                "us" or "µs" => 1e-6,
                "ns" => 1e-9,
                _ => double.NaN,
            };
            if (double.IsNaN(factor))
                return null;
            seconds += number * factor;
        }

        return NotNegative(seconds);
    }

    // No limit lasts a year; the bound keeps what a provider may claim from overflowing.
    private static TimeSpan NotNegative(double seconds) => TimeSpan.FromSeconds(Math.Clamp(seconds, 0, TimeSpan.SecondsPerDay * 365.0));
}
