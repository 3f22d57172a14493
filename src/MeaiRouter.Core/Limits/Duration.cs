using System.Buffers;
using System.Globalization;

namespace MeaiRouter.Limits;

/// <summary>Durations as providers write them: <c>1h2m3.5s</c>, <c>250ms</c>, <c>20 seconds</c>, <c>1 minute and 30 seconds</c>.</summary>
internal static class Duration
{
    private static readonly SearchValues<char> NumberCharacters = SearchValues.Create("0123456789.");

    // What may follow a bare number that means seconds; "after 2026-05-01" does not.
    private static readonly SearchValues<char> NumberContinues = SearchValues.Create("0123456789-:/%");

    /// <summary>No limit lasts a year; the bound keeps what a provider may claim from overflowing.</summary>
    public static TimeSpan Bounded(double seconds) => TimeSpan.FromSeconds(Math.Clamp(seconds, 0, TimeSpan.SecondsPerDay * 365.0));

    /// <summary>Reads a text that is a duration with units and nothing else.</summary>
    public static TimeSpan? Whole(ReadOnlySpan<char> text) =>
        Read(ref text, out var hasUnit) is { } duration && hasUnit && text.IsWhiteSpace() ? duration : null;

    /// <summary>Reads the duration with which a text begins; a number without a unit means seconds.</summary>
    public static TimeSpan? Leading(ReadOnlySpan<char> text) =>
        Read(ref text, out var hasUnit) is { } duration && (hasUnit || text.IsEmpty || !NumberContinues.Contains(text[0])) ? duration : null;

    private static TimeSpan? Read(ref ReadOnlySpan<char> text, out bool hasUnit)
    {
        hasUnit = false;
        double? seconds = null;
        while (Number(text, out var number, out var length))
        {
            var rest = text[length..].TrimStart();
            var letters = 0;
            while (letters < rest.Length && char.IsLetter(rest[letters]))
                letters++;

            var factor = Factor(rest[..letters]);
            if (double.IsNaN(factor))
            {
                // Only a number that stands alone can do without a unit.
                if (seconds is null && letters == 0)
                {
                    seconds = number;
                    text = text[length..];
                }

                break;
            }

            hasUnit = true;
            seconds = seconds.GetValueOrDefault() + (number * factor);
            text = rest[letters..];
            var next = text.TrimStart(" ,");
            if (next.StartsWith("and ", StringComparison.OrdinalIgnoreCase))
                next = next[4..].TrimStart();
            if (Number(next, out _, out _))
                text = next;
        }

        return seconds is { } sum ? Bounded(sum) : null;
    }

    // A full stop after the number ends the sentence.
    private static bool Number(ReadOnlySpan<char> text, out double number, out int length)
    {
        var end = text.IndexOfAnyExcept(NumberCharacters);
        var digits = (end < 0 ? text : text[..end]).TrimEnd('.');
        length = digits.Length;
        return double.TryParse(digits, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out number);
    }

    private static double Factor(ReadOnlySpan<char> unit)
    {
        Span<char> lower = stackalloc char[12];
        if (unit.Length > lower.Length)
            return double.NaN;

        return lower[..unit.ToLowerInvariant(lower)] switch
        {
            "d" or "day" or "days" => 86_400,
            "h" or "hr" or "hrs" or "hour" or "hours" => 3_600,
            "m" or "min" or "mins" or "minute" or "minutes" => 60,
            "s" or "sec" or "secs" or "second" or "seconds" => 1,
            "ms" or "msec" or "millisecond" or "milliseconds" => 1e-3,
            "us" or "µs" => 1e-6,
            "ns" => 1e-9,
            _ => double.NaN,
        };
    }
}
