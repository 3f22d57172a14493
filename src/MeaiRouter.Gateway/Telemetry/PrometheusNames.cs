using System.Text;
using OpenTelemetry.Metrics;

namespace MeaiRouter.Gateway.Telemetry;

/// <summary>OpenTelemetry's names as Prometheus writes them (OpenTelemetry specification, Prometheus compatibility).</summary>
internal static class PrometheusNames
{
    /// <summary>The type of the family; <see langword="null"/> for what the text has no form for.</summary>
    public static string? TypeOf(MetricType type) => type switch
    {
        MetricType.LongSum or MetricType.DoubleSum => "counter",
        MetricType.LongGauge or MetricType.DoubleGauge or MetricType.LongSumNonMonotonic or MetricType.DoubleSumNonMonotonic => "gauge",
        MetricType.Histogram => "histogram",
        _ => null,
    };

    /// <summary>The name with its unit, and with <c>_total</c> where it only grows.</summary>
    public static string Of(string name, string unit, MetricType type)
    {
        const string Total = "_total";

        var isCounter = TypeOf(type) == "counter";
        var result = Cleaned(name, allowsColon: true);
        if (isCounter && result.EndsWith(Total, StringComparison.Ordinal))
            result = result[..^Total.Length];
        if (UnitOf(unit, isGauge: TypeOf(type) == "gauge") is { Length: > 0 } suffix && !result.EndsWith($"_{suffix}", StringComparison.Ordinal) && result != suffix)
            result = $"{result}_{suffix}";
        return isCounter ? result + Total : result;
    }

    /// <summary>A label's name.</summary>
    public static string OfLabel(string name) => Cleaned(name, allowsColon: false);

    // In braces is what is counted, which is no unit.
    private static string? UnitOf(string unit, bool isGauge)
    {
        if (unit.Length == 0)
            return null;
        if (unit == "1")
            return isGauge ? "ratio" : null;

        var parts = unit.Split('/', 2);
        var suffix = Word(parts[0]);
        if (parts.Length == 2 && Word(parts[1]) is { Length: > 0 } per)
            suffix = suffix is null ? $"per_{Singular(per)}" : $"{suffix}_per_{Singular(per)}";
        return suffix is null ? null : Cleaned(suffix, allowsColon: false).Trim('_');
    }

    private static string Singular(string word) => word.EndsWith('s') ? word[..^1] : word;

    private static string? Word(string unit) => unit switch
    {
        "" or "1" => null,
        ['{', ..] => null,
        "s" => "seconds",
        "ms" => "milliseconds",
        "us" => "microseconds",
        "ns" => "nanoseconds",
        "min" => "minutes",
        "h" => "hours",
        "d" => "days",
        "By" => "bytes",
        "KiBy" => "kibibytes",
        "MiBy" => "mebibytes",
        "GiBy" => "gibibytes",
        "%" => "percent",
        "Hz" => "hertz",
        _ => unit,
    };

    private static string Cleaned(string name, bool allowsColon)
    {
        var result = new StringBuilder(name.Length + 1);
        foreach (var character in name)
        {
            var isFit = char.IsAsciiLetterOrDigit(character) || character == '_' || (allowsColon && character == ':');
            if (result.Length == 0 && char.IsAsciiDigit(character))
                result.Append('_');
            if (isFit && character != '_')
                result.Append(character);
            else if (result.Length == 0 || result[^1] != '_')
                result.Append('_');
        }

        return result.Length == 0 ? "_" : result.ToString();
    }
}
