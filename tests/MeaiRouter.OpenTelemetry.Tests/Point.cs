using System.Diagnostics;

namespace MeaiRouter.OpenTelemetry.Tests;

/// <summary>One point of a metric as an exporter gets it.</summary>
/// <param name="Name">The instrument.</param>
/// <param name="Unit">Its unit.</param>
/// <param name="Tags">The tags, sorted, as <c>key=value</c>.</param>
/// <param name="Value">The sum or the value; of a histogram the number of measurements.</param>
/// <param name="Bounds">The buckets of a histogram.</param>
/// <param name="Exemplars">The spans its exemplars name.</param>
internal sealed record Point(string Name, string Unit, string Tags, double Value, double[] Bounds, ActivitySpanId[] Exemplars)
{
    public override string ToString() => $"{Name} {Tags} {Value.ToString(System.Globalization.CultureInfo.InvariantCulture)}";
}
