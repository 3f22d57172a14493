using System.Globalization;
using System.Net.Http.Headers;

namespace MeaiRouter.OpenAI.Errors;

/// <summary>How long a provider asks to wait.</summary>
internal static class RetryDelay
{
    private static readonly string[] MillisecondHeaders = ["retry-after-ms", "x-ms-retry-after-ms"];

    // Longer than any provider means; keeps arithmetic on the delay from overflowing.
    private static readonly TimeSpan Longest = TimeSpan.FromDays(30);

    public static TimeSpan? Read(HttpResponseHeaders headers, TimeProvider time)
    {
        foreach (var name in MillisecondHeaders)
        {
            if (headers.TryGetValues(name, out var values)
                && double.TryParse(values.FirstOrDefault(), NumberStyles.Float, CultureInfo.InvariantCulture, out var milliseconds))
                return FromSeconds(milliseconds / 1_000);
        }

        if (headers.RetryAfter is { Delta: { } delta })
            return FromSeconds(delta.TotalSeconds);
        if (headers.RetryAfter is { Date: { } date })
            return FromSeconds(Math.Max(0, (date - time.GetUtcNow()).TotalSeconds));

        // Fractions of seconds are against the standard and not rare.
        return headers.TryGetValues("retry-after", out var raw)
            && double.TryParse(raw.FirstOrDefault(), NumberStyles.Float, CultureInfo.InvariantCulture, out var seconds)
            ? FromSeconds(seconds)
            : null;
    }

    public static TimeSpan? FromSeconds(double seconds) =>
        !double.IsFinite(seconds) || seconds < 0 ? null
        : seconds >= Longest.TotalSeconds ? Longest
        : TimeSpan.FromSeconds(seconds);
}
