using System.Reflection;
using MeaiRouter.Diagnostics;

namespace MeaiRouter.Core.Tests.Diagnostics;

public sealed class TelemetryNamesTests
{
    private static readonly string[] Names =
        [.. typeof(TelemetryNames).GetFields(BindingFlags.Public | BindingFlags.Static).Select(static field => (string)field.GetRawConstantValue()!)];

    [Fact]
    public void No_two_things_but_the_source_and_the_meter_have_one_name() =>
        Assert.Equal(["MeaiRouter"], Names.GroupBy(static name => name).Where(static same => same.Count() > 1).Select(static same => same.Key));

    [Fact]
    public void No_other_file_spells_a_name()
    {
        var source = MeaiRouter.Tests.Repository.PathOf("src");
        var spelled = Names.Where(static name => name.Contains('.', StringComparison.Ordinal)).Select(static name => $"\"{name}\"").ToList();

        var offenders = Directory.EnumerateFiles(source, "*.cs", SearchOption.AllDirectories)
            .Where(static file => !file.EndsWith("TelemetryNames.cs", StringComparison.Ordinal) && !file.Contains("/obj/", StringComparison.Ordinal))
            .SelectMany(file => File.ReadAllText(file) is var text ? spelled.Where(text.Contains).Select(name => $"{file}: {name}") : []);

        Assert.Empty(offenders);
    }
}
