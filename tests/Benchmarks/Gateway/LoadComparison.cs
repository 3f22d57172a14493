using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Reflection;
using System.Text;
using System.Text.Json.Nodes;

namespace MeaiRouter.Benchmarks.Gateway;

/// <summary>
/// Drives the gateway and a bare forwarder on the same runtime in front of the same provider: each of them alone on one core, callers and provider
/// on the other; in turns, after both have been warmed until they get no faster.
/// </summary>
internal static class LoadComparison
{
    public const string Key = "sk-benchmark-0123456789abcdef";

    private const int SubjectCore = 0;
    private const int OtherCore = 1;
    private const int Saturating = 32;
    private const int PacedStreams = 200;
    private const int Rounds = 4;

    private static readonly TimeSpan Round = TimeSpan.FromSeconds(5);

    public static async Task RunAsync(string[] args)
    {
        var soak = args is ["--minutes", var minutes] ? TimeSpan.FromMinutes(double.Parse(minutes, CultureInfo.InvariantCulture)) : TimeSpan.Zero;
        if (OperatingSystem.IsLinux())
            Process.GetCurrentProcess().ProcessorAffinity = 1 << OtherCore;

        var folder = Directory.CreateTempSubdirectory("gateway-load");
        try
        {
            var self = typeof(LoadComparison).Assembly.Location;
            await using var provider = await Subject.StartAsync("provider", OtherCore, self, ProviderServer.Command, "127.0.0.1:0");
            await using var forwarder = await Subject.StartAsync("forwarder", SubjectCore, self, BareForwarder.Command, "127.0.0.1:0", "http://" + provider.Address);
            await using var bare = await GatewayAsync("gateway, all off", Settings(provider.Address, folder, everything: false), folder);
            await using var full = await GatewayAsync("gateway, all on", Settings(provider.Address, folder, everything: true), folder);

            await CompareAsync("Whole answers", provider, [forwarder, bare, full], ProviderServer.AtOnce, streamed: false);
            await CompareAsync($"Streams of {ProviderServer.Chunks} chunks at once", provider, [forwarder, bare, full], ProviderServer.AtOnce, streamed: true);
            await PaceAsync([forwarder, bare, full]);
            if (soak > TimeSpan.Zero)
                await SoakAsync(full, soak);
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    private static Task<Subject> GatewayAsync(string name, string settings, DirectoryInfo folder)
    {
        var file = Path.Combine(folder.FullName, $"{Guid.NewGuid():n}.json");
        File.WriteAllText(file, settings);
        var gateway = typeof(LoadComparison).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Single(data => data.Key == "Gateway").Value!;
        return Subject.StartAsync(name, SubjectCore, gateway, "--urls", "http://127.0.0.1:0", "--config", file);
    }

    private static string Settings(IPEndPoint provider, DirectoryInfo folder, bool everything)
    {
        var router = new JsonObject
        {
            ["Providers"] = new JsonObject
            {
                ["bench"] = new JsonObject { ["Type"] = "openai-compatible", ["BaseUrl"] = $"http://{provider}/v1", ["ApiKey"] = Key },
            },
            ["Models"] = new JsonObject { [ProviderServer.AtOnce] = Model(ProviderServer.AtOnce), [ProviderServer.Paced] = Model(ProviderServer.Paced) },
            ["Gateway"] = new JsonObject { ["Metrics"] = new JsonObject { ["Enabled"] = false } },
        };
        if (everything)
        {
            router["Budgets"] = new JsonArray(
                new JsonObject { ["Scope"] = "global", ["LimitUsd"] = 1_000_000, ["Window"] = "monthly" },
                new JsonObject { ["Scope"] = "key:bench", ["LimitUsd"] = 1_000_000 });
            router["Gateway"] = new JsonObject
            {
                ["Keys"] = new JsonArray(new JsonObject { ["Name"] = "bench", ["Key"] = Key }),
                ["Ledger"] = $"Data Source={Path.Combine(folder.FullName, "ledger.db")}",
            };
        }

        var logging = new JsonObject { ["LogLevel"] = new JsonObject { ["Default"] = "Warning", ["Microsoft.Hosting.Lifetime"] = "Information" } };
        return new JsonObject { ["Logging"] = logging, ["MeaiRouter"] = router }.ToJsonString();

        static JsonObject Model(string id) => new()
        {
            ["ContextLength"] = 100_000,
            ["Endpoints"] = new JsonArray(new JsonObject
            {
                ["Provider"] = "bench",
                ["Model"] = id,
                ["PricePerMillion"] = new JsonObject { ["Prompt"] = 0.5, ["Completion"] = 1.5 },
            }),
        };
    }

    private static async Task CompareAsync(string title, Subject provider, Subject[] subjects, string model, bool streamed)
    {
        var direct = await new Callers(provider.Address, model, streamed).RunAsync(1, Round);
        var table = new StringBuilder($"\n## {title}\n\n| | a second | of the forwarder's | CPU µs each | added p50 µs | added p99 µs | MB before | MB after |\n|---|---:|---:|---:|---:|---:|---:|---:|\n");
        var measured = subjects.Select(static subject => (Subject: subject, Rates: new List<double>(), Costs: new List<double>())).ToArray();
        foreach (var subject in subjects)
            await WarmAsync(new Callers(subject.Address, model, streamed));
        var before = subjects.Select(static subject => subject.ResidentMegabytes()).ToArray();

        for (var round = 0; round < Rounds; round++)
        {
            foreach (var (subject, rates, costs) in measured)
            {
                var used = subject.ProcessorSeconds();
                var sample = await new Callers(subject.Address, model, streamed).RunAsync(Saturating, Round);
                rates.Add(sample.PerSecond);
                costs.Add((subject.ProcessorSeconds() - used) * 1_000_000 / sample.Times.Length);
            }
        }

        var baseline = Median(measured[0].Rates);
        for (var i = 0; i < measured.Length; i++)
        {
            var (subject, rates, costs) = measured[i];
            var alone = await new Callers(subject.Address, model, streamed).RunAsync(1, Round);
            table.AppendLine(string.Create(
                CultureInfo.InvariantCulture,
                $"| {subject.Name} | {Median(rates):N0} | {Median(rates) / baseline:0.00} | {Median(costs):0} | {alone.Percentile(0.5) - direct.Percentile(0.5):0} | {alone.Percentile(0.99) - direct.Percentile(0.99):0} | {before[i]:0} | {subject.ResidentMegabytes():0} |"));
        }

        Console.WriteLine(table);
    }

    private static async Task PaceAsync(Subject[] subjects)
    {
        var table = new StringBuilder($"\n## {PacedStreams} streams at a time, {ProviderServer.Chunks} chunks 10 ms apart\n\n| | streams a second | CPU µs a chunk | p50 ms | p99 ms |\n|---|---:|---:|---:|---:|\n");
        foreach (var subject in subjects)
        {
            var callers = new Callers(subject.Address, ProviderServer.Paced, streamed: true);
            await callers.RunAsync(PacedStreams, Round);
            var used = subject.ProcessorSeconds();
            var sample = await callers.RunAsync(PacedStreams, Round);
            var cost = (subject.ProcessorSeconds() - used) * 1_000_000 / (sample.Times.Length * ProviderServer.Chunks);
            table.AppendLine(string.Create(
                CultureInfo.InvariantCulture,
                $"| {subject.Name} | {sample.PerSecond:N0} | {cost:0.0} | {sample.Percentile(0.5) / 1_000:0} | {sample.Percentile(0.99) / 1_000:0} |"));
        }

        Console.WriteLine(table);
    }

    private static async Task SoakAsync(Subject subject, TimeSpan duration)
    {
        Console.WriteLine($"\n## {subject.Name}, {duration.TotalMinutes:0} minutes of whole answers\n\n| minute | a second | MB |\n|---:|---:|---:|");
        for (var minute = 1; minute <= duration.TotalMinutes; minute++)
        {
            var sample = await new Callers(subject.Address, ProviderServer.AtOnce, streamed: false).RunAsync(Saturating, TimeSpan.FromMinutes(1));
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"| {minute} | {sample.PerSecond:N0} | {subject.ResidentMegabytes():0} |"));
        }
    }

    /// <summary>
    /// Calls until the rate has not risen by more than two in a hundred for a while: on one core the compiler gets its turn so late that a pause in
    /// the rise is no end of it.
    /// </summary>
    private static async Task WarmAsync(Callers callers)
    {
        var (best, since) = (0.0, 0);
        while (since < 5)
        {
            var rate = (await callers.RunAsync(Saturating, Round)).PerSecond;
            since = rate > best * 1.02 ? 0 : since + 1;
            best = Math.Max(best, rate);
        }
    }

    private static double Median(List<double> values) => values.Order().ElementAt(values.Count / 2);
}
