using System.Diagnostics;
using MeaiRouter.EntityFrameworkCore.Tests.Running;

namespace MeaiRouter.EntityFrameworkCore.Tests.Projection;

public sealed class KillTests
{
    [Theory, Sqlite]
    public Task A_hundred_kills_lose_no_acknowledged_charge_and_double_none(Database database) => KillAsync(database, 100);

    [Theory, Postgres]
    public Task Twenty_kills_lose_no_acknowledged_charge_and_double_none(Database database) => KillAsync(database, 20);

    private static async Task KillAsync(Database database, int kills)
    {
        using var test = new TestLedger(database);
        var random = new Random(42);
        var acknowledged = new HashSet<string>();
        for (var kill = 0; kill < kills; kill++)
        {
            using var process = Start(test.Options, $"k{kill}");

            // Not before it runs; then at any moment.
            Assert.StartsWith("cut ", await process.StandardOutput.ReadLineAsync(), StringComparison.Ordinal);
            for (var line = random.Next(40); line > 0; line--)
                Assert.True(acknowledged.Add((await process.StandardOutput.ReadLineAsync())!));
            await Task.Delay(random.Next(30));
            process.Kill();

            // The last line may be half a one: then nobody has read it.
            var lines = (await process.StandardOutput.ReadToEndAsync()).Split('\n');
            foreach (var id in lines[..^1])
                Assert.True(acknowledged.Add(id));
            await process.WaitForExitAsync();
        }

        await using (var ledger = test.Open())
        {
            await ledger.CatchUpAsync();
            Assert.Null(ledger.Lag.Error);
        }

        Assert.True(acknowledged.Count > kills, $"Only {acknowledged.Count} records were acknowledged.");
        var charged = (await test.QueryAsync("SELECT id, cost_nano_usd FROM requests")).ToDictionary(row => (string)row[0], row => (long)row[1]);
        Assert.Empty(acknowledged.Except(charged.Keys));
        Assert.All(charged, charge => Assert.Equal(long.Parse(charge.Key[(charge.Key.LastIndexOf('-') + 1)..], null) + 1, charge.Value));
        Assert.Equal((charged.Count, charged.Values.Sum()), await ProjectionTests.TotalsAsync(test));
    }

    [Fact]
    public async Task A_second_process_on_a_journal_is_refused_with_the_first_ones_id()
    {
        using var test = new TestLedger(Database.Sqlite);
        await using var ledger = test.Open();

        using var process = Start(test.Options, "second");
        var error = await process.StandardError.ReadToEndAsync();
        await process.WaitForExitAsync();

        Assert.NotEqual(0, process.ExitCode);
        Assert.Contains($"in use by process {Environment.ProcessId}.", error, StringComparison.Ordinal);
    }

    private static Process Start(LedgerOptions options, string prefix) => Process.Start(new ProcessStartInfo("dotnet")
    {
        ArgumentList = { Path.Combine(AppContext.BaseDirectory, "LedgerHost.dll"), options.ConnectionString, options.Journal!.Directory, prefix },
        RedirectStandardOutput = true,
        RedirectStandardError = true,
    })!;
}
