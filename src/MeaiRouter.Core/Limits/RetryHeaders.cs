using System.Globalization;

namespace MeaiRouter.Limits;

/// <summary>Gathers how long the headers of a refusal ask to wait, in every spelling.</summary>
/// <remarks>
/// <c>retry-after-ms</c> and <c>x-ms-retry-after-ms</c> (OpenAI, Azure), <c>retry-after</c> in seconds, whole or not, or as a date
/// (RFC 9110), and where none of them is there the resets of <see cref="RateLimitHeaders"/>.
/// </remarks>
/// <param name="now">The time the response arrived, from which dates are counted.</param>
public struct RetryHeaders(DateTimeOffset now)
{
    private RateLimitHeaders _limits = new(now);
    private TimeSpan? _exact;
    private TimeSpan? _whole;

    /// <summary>How long the headers ask to wait outright; <see langword="null"/> if they do not.</summary>
    public readonly TimeSpan? Stated => _exact ?? _whole;

    /// <summary>What the headers say about limits; <see langword="null"/> if nothing.</summary>
    public readonly RateLimits? Limits => _limits.Limits;

    /// <summary>Reads one header. Headers of others and malformed values are passed over.</summary>
    /// <param name="name">The header's name, in any case.</param>
    /// <param name="value">Its value.</param>
    public void Add(ReadOnlySpan<char> name, ReadOnlySpan<char> value)
    {
        if (name.Equals("retry-after", StringComparison.OrdinalIgnoreCase))
            _whole ??= SecondsOrDate(value.Trim());
        else if (name.Equals("retry-after-ms", StringComparison.OrdinalIgnoreCase) || name.Equals("x-ms-retry-after-ms", StringComparison.OrdinalIgnoreCase))
            _exact ??= Number(value) is { } milliseconds ? RetryDelay.FromSeconds(milliseconds / 1_000) : null;
        else
            _limits.Add(name, value);
    }

    // Fractions of seconds are against the standard and not rare.
    private readonly TimeSpan? SecondsOrDate(ReadOnlySpan<char> value)
    {
        if (Number(value) is { } seconds)
            return RetryDelay.FromSeconds(seconds);
        return DateTimeOffset.TryParse(value, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var date)
            ? RetryDelay.FromSeconds(Math.Max(0, (date - now).TotalSeconds))
            : Duration.Whole(value);
    }

    private static double? Number(ReadOnlySpan<char> value) =>
        double.TryParse(value, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) ? number : null;
}
