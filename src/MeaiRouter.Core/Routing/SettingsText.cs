using System.Globalization;

namespace MeaiRouter.Routing;

/// <summary>Spells settings for people.</summary>
internal static class SettingsText
{
    public static string Count(int count, string one, string? many = null) =>
        string.Create(CultureInfo.InvariantCulture, $"{count} {(count == 1 ? one : many ?? one + "s")}");

    /// <summary>A length of time in the largest unit that needs no fraction.</summary>
    public static string Time(TimeSpan time) => time == Timeout.InfiniteTimeSpan ? "unlimited" : time.Ticks switch
    {
        0 => "none",
        var ticks when ticks % TimeSpan.TicksPerHour == 0 => In(time.TotalHours, "h"),
        var ticks when ticks % TimeSpan.TicksPerMinute == 0 => In(time.TotalMinutes, "min"),
        var ticks when ticks % TimeSpan.TicksPerSecond == 0 => In(time.TotalSeconds, "s"),
        _ => In(time.TotalMilliseconds, "ms"),
    };

    /// <summary>The first few of many.</summary>
    public static string Few(IReadOnlyCollection<string> all, int most = 3) =>
        string.Join("; ", all.Take(most)) + (all.Count > most ? string.Create(CultureInfo.InvariantCulture, $"; and {all.Count - most} more") : "");

    private static string In(double count, string unit) => string.Create(CultureInfo.InvariantCulture, $"{count:0.###} {unit}");
}
