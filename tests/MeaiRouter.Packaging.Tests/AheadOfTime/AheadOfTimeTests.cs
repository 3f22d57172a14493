using System.Runtime.InteropServices;
using MeaiRouter.Packaging.Tests.Running;
using MeaiRouter.Testing;
using Xunit.Abstractions;

namespace MeaiRouter.Packaging.Tests.AheadOfTime;

/// <summary>tests/AotApp, trimmed and compiled to native code: any warning of either is an error, and the program does what it did before.</summary>
public sealed class AheadOfTimeTests(ITestOutputHelper output)
{
    // Some feeds lack the native runtime of the newest framework, which is a package of its own since .NET 10, but have the one before.
    private static readonly string[] Frameworks = ["net10.0", "net9.0"];

    [LinkerFact]
    public async Task A_published_app_routes_falls_back_streams_and_prices()
    {
        using var scratch = new Scratch();
        var app = await PublishAsync(scratch);
        await using var cheap = await ScriptedProvider.StartAsync("cheap");
        await using var dear = await ScriptedProvider.StartAsync("dear");
        cheap.ForModel("small-v1").Always(Fault.Unavailable());
        dear.ForModel("small-equal").Always(Reply.From(static request =>
            Reply.Text(request.LastUserText == "format" ? """{"city":"Oslo"}""" : "Hello").WithUsage(prompt: 1_000, completion: 100)));

        var told = await scratch.RunAsync(scratch.Root, app, cheap.BaseUrl.ToString(), dear.BaseUrl.ToString());

        // 1000 tokens in at $2 and 100 out at $8 a million; what failed cost nothing.
        Assert.Equal(
            """
            configured, whole: cheap Failed then dear Answered: Hello for $0.0028
            configured, streamed: cheap Failed then dear Answered: Hello for $0.0028
            configured, in a format: cheap Failed then dear Answered: {"city":"Oslo"} for $0.0028
            by hand, whole: cheap Failed then dear Answered: Hello for $0.0028
            by hand, streamed: cheap Failed then dear Answered: Hello for $0.0028
            by hand, in a format: cheap Failed then dear Answered: {"city":"Oslo"} for $0.0028
            ledger: acme/small $0.0028
            ledger: acme/small $0.0028
            ledger: acme/small $0.0028

            """,
            told);
        Assert.Equal(6, dear.RequestCount);
    }

    /// <summary>Publishes for the first framework whose native runtime the feeds have.</summary>
    private async Task<string> PublishAsync(Scratch scratch)
    {
        var refused = "";
        foreach (var framework in Frameworks)
        {
            var tree = scratch.Folder(framework);
            Repository.CopyTo(tree, "src", "tests/StandIns", "tests/AotApp");
            var props = Path.Combine(tree, "Directory.Build.props");
            await File.WriteAllTextAsync(props, (await File.ReadAllTextAsync(props)).Replace(">net10.0<", $">{framework}<", StringComparison.Ordinal));

            string[] properties = ["-r", RuntimeInformation.RuntimeIdentifier, "-v", "q", "-p:PublishAot=true", "-p:WarningsNotAsErrors=NU1507"];
            var (code, told) = await scratch.TryAsync(tree, "dotnet", ["restore", "tests/AotApp", .. properties]);
            if (code != 0)
            {
                refused += told;
                continue;
            }

            // The analyzers of the SDK have had their say in the build of the solution; trimmer and compiler have theirs here.
            var folder = scratch.Folder("published");
            told = await scratch.RunAsync(tree, "dotnet", ["publish", "tests/AotApp", "-c", "Release", "-o", folder, "-p:RunAnalyzers=false", .. properties]);
            Assert.DoesNotContain("warning", told, StringComparison.OrdinalIgnoreCase);
            output.WriteLine($"Published ahead of time for {framework}.");
            return Path.Combine(folder, "AotApp");
        }

        throw new InvalidOperationException($"The feeds have the native runtime of none of {string.Join(", ", Frameworks)}:\n{refused}");
    }
}
