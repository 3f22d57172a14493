using System.Diagnostics.CodeAnalysis;
using System.Globalization;

namespace MeaiRouter.Budgets;

/// <summary>The time over which a budget counts what was spent.</summary>
/// <remarks>Days, weeks and months are those of UTC and weeks start on Monday, as at OpenRouter. A call counts in the window in which it ends.</remarks>
public readonly record struct BudgetWindow
{
    private static readonly TimeSpan Shortest = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan Longest = TimeSpan.FromDays(366);

    private readonly Length _length;

    private BudgetWindow(Length length, TimeSpan duration = default)
    {
        _length = length;
        Duration = duration;
    }

    private enum Length
    {
        Lifetime,
        Day,
        Week,
        Month,
        Rolling,
    }

    /// <summary>Never starts anew.</summary>
    public static BudgetWindow Lifetime => default;

    /// <summary>Starts anew at midnight UTC.</summary>
    public static BudgetWindow Daily => new(Length.Day);

    /// <summary>Starts anew on Mondays at midnight UTC.</summary>
    public static BudgetWindow Weekly => new(Length.Week);

    /// <summary>Starts anew on the first of the month at midnight UTC.</summary>
    public static BudgetWindow Monthly => new(Length.Month);

    /// <summary>How far back a rolling window reaches; zero for every other.</summary>
    public TimeSpan Duration { get; }

    internal bool IsRolling => _length == Length.Rolling;

    /// <summary>Reaches back from now.</summary>
    /// <param name="duration">How far, from a minute to 366 days. Money leaves the window at most a sixtieth of it late, never early.</param>
    /// <exception cref="ArgumentOutOfRangeException">The duration is too short or too long.</exception>
    public static BudgetWindow Rolling(TimeSpan duration) => duration >= Shortest && duration <= Longest
        ? new(Length.Rolling, duration)
        : throw new ArgumentOutOfRangeException(nameof(duration), duration, "A rolling window must last from a minute to 366 days.");

    /// <summary>Reads a window as configuration writes it.</summary>
    /// <param name="text"><c>daily</c>, <c>weekly</c>, <c>monthly</c>, <c>lifetime</c>, or the length of a rolling window: <c>24h</c>, <c>7d</c>, <c>30m</c>.</param>
    /// <exception cref="FormatException">It is not a window.</exception>
    public static BudgetWindow Parse(string text) => TryParse(text, out var window)
        ? window
        : throw new FormatException($"'{text}' is not a window. It must be daily, weekly, monthly, lifetime, or a length from 1m to 366d such as 24h, which rolls.");

    /// <summary>Reads a window as configuration writes it.</summary>
    /// <param name="text">The text.</param>
    /// <param name="window">The window.</param>
    /// <returns>Whether it is one.</returns>
    public static bool TryParse([NotNullWhen(true)] string? text, out BudgetWindow window)
    {
        window = text?.ToLowerInvariant() switch
        {
            "daily" => Daily,
            "weekly" => Weekly,
            "monthly" => Monthly,
            _ => default,
        };
        if (window != default || string.Equals(text, "lifetime", StringComparison.OrdinalIgnoreCase))
            return true;
        if (text is not { Length: > 1 } || !int.TryParse(text.AsSpan(0, text.Length - 1), NumberStyles.None, CultureInfo.InvariantCulture, out var count))
            return false;

        var minutes = char.ToLowerInvariant(text[^1]) switch { 'm' => count, 'h' => 60L * count, 'd' => 1440L * count, _ => 0 };
        if (minutes < Shortest.TotalMinutes || minutes > Longest.TotalMinutes)
            return false;

        window = Rolling(TimeSpan.FromMinutes(minutes));
        return true;
    }

    /// <summary>The window as configuration writes it.</summary>
    public override string ToString() => _length switch
    {
        Length.Day => "daily",
        Length.Week => "weekly",
        Length.Month => "monthly",
        Length.Lifetime => "lifetime",
        _ when Duration.Ticks % TimeSpan.TicksPerDay == 0 => $"{Duration.Ticks / TimeSpan.TicksPerDay}d",
        _ when Duration.Ticks % TimeSpan.TicksPerHour == 0 => $"{Duration.Ticks / TimeSpan.TicksPerHour}h",
        _ when Duration.Ticks % TimeSpan.TicksPerMinute == 0 => $"{Duration.Ticks / TimeSpan.TicksPerMinute}m",
        _ => Duration.ToString("c", CultureInfo.InvariantCulture),
    };

    /// <summary>When the window that holds the given moment began; <see langword="null"/> for one that never did.</summary>
    internal DateTimeOffset? StartBefore(DateTimeOffset moment) => _length switch
    {
        Length.Lifetime => null,
        Length.Rolling => moment - Duration,
        Length.Month => EndAfter(moment).AddMonths(-1),
        Length.Week => EndAfter(moment).AddDays(-7),
        _ => EndAfter(moment).AddDays(-1),
    };

    /// <summary>When the window that holds the given moment ends; <see cref="DateTimeOffset.MaxValue"/> for one that rolls or never does.</summary>
    internal DateTimeOffset EndAfter(DateTimeOffset moment)
    {
        var day = new DateTimeOffset(moment.UtcDateTime.Date, TimeSpan.Zero);
        return _length switch
        {
            Length.Day => day.AddDays(1),
            Length.Week => day.AddDays(7 - ((int)day.DayOfWeek + 6) % 7),
            Length.Month => new DateTimeOffset(day.Year, day.Month, 1, 0, 0, 0, TimeSpan.Zero).AddMonths(1),
            _ => DateTimeOffset.MaxValue,
        };
    }
}
