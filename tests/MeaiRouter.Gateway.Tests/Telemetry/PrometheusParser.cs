using System.Globalization;
using System.Text.RegularExpressions;

namespace MeaiRouter.Gateway.Tests.Telemetry;

/// <summary>Reads the text format 0.0.4 and takes nothing that is not by its letter: heads once and first, families together, labels escaped, histograms cumulative.</summary>
internal static partial class PrometheusParser
{
    public static IReadOnlyList<(string Name, IReadOnlyDictionary<string, string> Labels, double Value)> Parse(string text)
    {
        Assert.EndsWith("\n", text, StringComparison.Ordinal);
        Assert.DoesNotContain('\r', text);
        var samples = new List<(string, IReadOnlyDictionary<string, string>, double)>();
        var types = new Dictionary<string, string>();
        var helps = new HashSet<string>();
        var series = new HashSet<string>();
        string family = "", type = "";

        foreach (var line in text.Split('\n')[..^1])
        {
            if (Help().Match(line) is { Success: true } help)
            {
                Assert.True(helps.Add(help.Groups[1].Value), line);
                Assert.DoesNotContain(help.Groups[1].Value, types.Keys);
            }
            else if (Type().Match(line) is { Success: true } head)
            {
                (family, type) = (head.Groups[1].Value, head.Groups[2].Value);
                Assert.True(types.TryAdd(family, type), line);
            }
            else
            {
                var match = Sample().Match(line);
                Assert.True(match.Success, line);
                var name = match.Groups["name"].Value;
                Assert.Contains(name, type == "histogram" ? [family + "_bucket", family + "_sum", family + "_count"] : (string[])[family]);
                if (type == "counter")
                    Assert.EndsWith("_total", name, StringComparison.Ordinal);
                Assert.True(series.Add($"{name}{match.Groups["labels"].Value}"), line);
                var labels = Label().Matches(match.Groups["labels"].Value).ToDictionary(static label => label.Groups[1].Value, static label => Unescaped(label.Groups[2].Value));
                samples.Add((name, labels, Number(match.Groups["value"].Value)));
            }
        }

        foreach (var histogram in types.Where(static entry => entry.Value == "histogram").Select(static entry => entry.Key))
            CheckHistogram(histogram, samples);
        return samples;
    }

    private static void CheckHistogram(string name, List<(string Name, IReadOnlyDictionary<string, string> Labels, double Value)> samples)
    {
        foreach (var group in samples.Where(sample => sample.Name == name + "_bucket").GroupBy(static sample => Others(sample.Labels)))
        {
            var buckets = group.Select(static bucket => (Bound: Number(bucket.Labels["le"]), bucket.Value)).ToList();
            Assert.Equal(buckets.Select(static bucket => bucket.Bound).Order(), buckets.Select(static bucket => bucket.Bound));
            Assert.Equal(buckets.Select(static bucket => bucket.Value).Order(), buckets.Select(static bucket => bucket.Value));
            Assert.Equal(double.PositiveInfinity, buckets[^1].Bound);
            Assert.Equal(buckets[^1].Value, Assert.Single(samples, sample => sample.Name == name + "_count" && Others(sample.Labels) == group.Key).Value);
            Assert.Single(samples, sample => sample.Name == name + "_sum" && Others(sample.Labels) == group.Key);
        }
    }

    private static string Others(IReadOnlyDictionary<string, string> labels) =>
        string.Join(',', labels.Where(static label => label.Key != "le").OrderBy(static label => label.Key, StringComparer.Ordinal).Select(static label => $"{label.Key}={label.Value}"));

    private static double Number(string text) => text switch
    {
        "+Inf" => double.PositiveInfinity,
        "-Inf" => double.NegativeInfinity,
        _ => double.Parse(text, NumberStyles.Float, CultureInfo.InvariantCulture),
    };

    private static string Unescaped(string value) => value.Replace("\\n", "\n", StringComparison.Ordinal).Replace("\\\"", "\"", StringComparison.Ordinal).Replace(@"\\", "\\", StringComparison.Ordinal);

    [GeneratedRegex(@"^# HELP ([a-zA-Z_:][a-zA-Z0-9_:]*) .+$")]
    private static partial Regex Help();

    [GeneratedRegex(@"^# TYPE ([a-zA-Z_:][a-zA-Z0-9_:]*) (counter|gauge|histogram)$")]
    private static partial Regex Type();

    [GeneratedRegex(@"^(?<name>[a-zA-Z_:][a-zA-Z0-9_:]*)(?<labels>\{[a-zA-Z_][a-zA-Z0-9_]*=""(?:[^""\\]|\\[\\""n])*""(?:,[a-zA-Z_][a-zA-Z0-9_]*=""(?:[^""\\]|\\[\\""n])*"")*\})? (?<value>[+-]Inf|NaN|-?[0-9.]+(?:E[+-]?[0-9]+)?)$")]
    private static partial Regex Sample();

    [GeneratedRegex(@"([a-zA-Z_][a-zA-Z0-9_]*)=""((?:[^""\\]|\\[\\""n])*)""")]
    private static partial Regex Label();
}
