using System.Globalization;
using System.Text.Json;

namespace MeaiRouter.Limits;

/// <summary>How long a provider asks to wait before the next call, read from wherever it says so besides its headers.</summary>
public static class RetryDelay
{
    private const int Deepest = 6;

    // Longer than any provider means; keeps arithmetic on the delay from overflowing.
    private static readonly TimeSpan Longest = TimeSpan.FromDays(30);

    // OpenAI and Groq ("Please try again in 1m30s"), Azure ("Please retry after 6 seconds"), Google ("Please retry in 34.07s").
    private static readonly string[] Phrases = ["try again in ", "try again after ", "retry in ", "retry after ", "retry-after: "];

    /// <summary>A delay of so many seconds, if that is one.</summary>
    /// <param name="seconds">The seconds a provider gave.</param>
    /// <returns>The delay, at most 30 days; <see langword="null"/> if the number is negative or none.</returns>
    public static TimeSpan? FromSeconds(double seconds) =>
        !double.IsFinite(seconds) || seconds < 0 ? null
        : seconds >= Longest.TotalSeconds ? Longest
        : TimeSpan.FromSeconds(seconds);

    /// <summary>How long a refusal because of limits lasts, by what the provider says about them.</summary>
    /// <param name="limits">The limits stated with the refusal.</param>
    /// <returns>
    /// The longest wait for a limit that is exhausted; where nothing is said of what remains, the longest for any; otherwise <see langword="null"/>.
    /// </returns>
    public static TimeSpan? FromLimits(RateLimits? limits)
    {
        if (limits is null)
            return null;
        if (limits.ExhaustedFor is { } exhausted)
            return Shorter(exhausted);

        TimeSpan? longest = null;
        foreach (var limit in (ReadOnlySpan<RateLimit?>)[limits.Requests, limits.Tokens, limits.InputTokens, limits.OutputTokens])
        {
            if (limit is { Remaining: not null })
                return null;
            if (limit is { ResetsIn: { } time } && !(longest >= time))
                longest = Shorter(time);
        }

        return longest;
    }

    /// <summary>Reads an error message such as <c>Please try again in 1m30s</c>.</summary>
    /// <param name="message">The message.</param>
    public static TimeSpan? FromMessage(string? message)
    {
        if (message is null)
            return null;

        foreach (var phrase in Phrases)
        {
            var at = message.IndexOf(phrase, StringComparison.OrdinalIgnoreCase);
            if (at >= 0 && Duration.Leading(message.AsSpan(at + phrase.Length).TrimStart()) is { } delay)
                return Shorter(delay);
        }

        return null;
    }

    /// <summary>Looks through the body of a refusal.</summary>
    /// <remarks>
    /// Google's <c>RetryInfo</c> (<c>"retryDelay": "12s"</c>), OpenRouter's <c>availability.retry_after</c> and the headers it repeats
    /// in <c>metadata.headers</c>, and <c>retry_after</c>, <c>retryAfter</c>, <c>retry_after_seconds</c> or <c>retry_after_ms</c> at any place.
    /// </remarks>
    /// <param name="body">The body, or a part of it.</param>
    /// <param name="now">The time it arrived, from which dates are counted.</param>
    public static TimeSpan? FromBody(JsonElement body, DateTimeOffset now) => Find(body, now, 0);

    /// <summary>Looks through one field of the body of a refusal; otherwise as <see cref="FromBody"/>.</summary>
    /// <param name="name">The field's name.</param>
    /// <param name="value">Its value.</param>
    /// <param name="now">The time it arrived, from which dates are counted.</param>
    public static TimeSpan? FromField(string name, JsonElement value, DateTimeOffset now) => Find(name, value, now, 0);

    private static TimeSpan? Find(string name, JsonElement value, DateTimeOffset now, int depth) =>
        Named(name, value) ?? Headers(name, value, now) ?? Find(value, now, depth + 1);

    private static TimeSpan? Find(JsonElement element, DateTimeOffset now, int depth)
    {
        if (depth > Deepest)
            return null;

        switch (element.ValueKind)
        {
            case JsonValueKind.Object:
                foreach (var property in element.EnumerateObject())
                {
                    if (Find(property.Name, property.Value, now, depth) is { } found)
                        return found;
                }

                break;
            case JsonValueKind.Array:
                foreach (var item in element.EnumerateArray())
                {
                    if (Find(item, now, depth + 1) is { } found)
                        return found;
                }

                break;
        }

        return null;
    }

    private static TimeSpan? Named(string name, JsonElement value) => name switch
    {
        "retryDelay" or "retry_after" or "retryAfter" or "retry_after_seconds" => Value(value, unit: 1),
        "retry_after_ms" => Value(value, unit: 1e-3),
        _ => null,
    };

    private static TimeSpan? Value(JsonElement value, double unit) => value.ValueKind switch
    {
        JsonValueKind.Number => value.TryGetDouble(out var number) ? FromSeconds(number * unit) : null,
        JsonValueKind.String when double.TryParse(value.GetString(), NumberStyles.Float, CultureInfo.InvariantCulture, out var number) =>
            FromSeconds(number * unit),
        JsonValueKind.String => Duration.Whole(value.GetString()) is { } delay ? Shorter(delay) : null,
        _ => null,
    };

    private static TimeSpan? Headers(string name, JsonElement value, DateTimeOffset now)
    {
        if (name != "headers" || value.ValueKind != JsonValueKind.Object)
            return null;

        var headers = new RetryHeaders(now);
        foreach (var header in value.EnumerateObject())
            headers.Add(header.Name, header.Value.ToString());
        return headers.Stated ?? FromLimits(headers.Limits);
    }

    private static TimeSpan Shorter(TimeSpan delay) => delay < Longest ? delay : Longest;
}
