using MeaiRouter.EntityFrameworkCore.HealthChecks;
using MeaiRouter.EntityFrameworkCore.Journal;
using MeaiRouter.EntityFrameworkCore.Tests.Running;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace MeaiRouter.EntityFrameworkCore.Tests.HealthChecks;

public sealed class LedgerHealthCheckTests
{
    [Theory, Sqlite, Postgres]
    public async Task A_ledger_whose_journal_and_database_work_is_healthy(Database database)
    {
        using var test = new TestLedger(database);
        await using var ledger = test.Open();
        await ledger.AppendAsync(Records.Of("a"));
        await ledger.CatchUpAsync();

        var report = await CheckAsync(ledger, checks => checks.AddMeaiRouterLedger().AddMeaiRouterLedgerLag());

        Assert.Equal(HealthStatus.Healthy, report.Status);
        Assert.Equal("Records are written, and the ledger's database answers.", report.Entries["meairouter-ledger"].Description);
        Assert.Equal("0 records are waiting for the ledger's database, the oldest for 0 s.", report.Entries["meairouter-ledger-lag"].Description);
        Assert.Equal(0L, report.Entries["meairouter-ledger"].Data["records_lost"]);
    }

    [Fact]
    public async Task A_database_out_of_reach_degrades_while_the_journal_takes_records_and_the_driver_is_not_quoted()
    {
        using var test = new TestLedger(Database.Sqlite);
        var path = test.Options.ConnectionString.Split('=', ';')[1];
        await File.WriteAllTextAsync(path, new string('x', 8192));
        test.Options = test.Options with { ClosingTime = TimeSpan.Zero };
        await using var ledger = test.Open();
        await ledger.AppendAsync(Records.Of("a"));

        var entry = (await CheckAsync(ledger, checks => checks.AddMeaiRouterLedger())).Entries.Values.Single();

        Assert.Equal(
            (HealthStatus.Degraded, "The ledger's database is out of reach (SqliteException). The journal keeps what comes, and requests go on."), (entry.Status, entry.Description));
    }

    [Theory, Postgres]
    public async Task A_server_that_is_down_degrades(Database database)
    {
        using var server = new PostgresServer();
        using var test = new TestLedger(database);
        test.Options = test.Options with { ConnectionString = server.NewDatabase(), ClosingTime = TimeSpan.Zero };
        await using var ledger = test.Open();
        await ledger.AppendAsync(Records.Of("a"));
        await ledger.CatchUpAsync();
        server.Stop();

        var entry = (await CheckAsync(ledger, checks => checks.AddMeaiRouterLedger())).Entries.Values.Single();

        Assert.Equal(HealthStatus.Degraded, entry.Status);
        Assert.StartsWith("The ledger's database is out of reach (", entry.Description, StringComparison.Ordinal);
        Assert.DoesNotContain("127.0.0.1", entry.Description, StringComparison.Ordinal);
        server.Start();
    }

    [Theory]
    [InlineData(DiskFailureAction.Refuse, HealthStatus.Unhealthy, "by the rule Refuse no request is answered.", 0L)]
    [InlineData(DiskFailureAction.Continue, HealthStatus.Degraded, "requests are answered without a record, 1 so far.", 1L)]
    public async Task A_full_disk_is_judged_by_the_rule_and_found_to_have_room_again_without_a_request(
        DiskFailureAction rule, HealthStatus status, string sentence, long lost)
    {
        using var test = new TestLedger(Database.Sqlite);
        test.Options = test.Options with { Journal = test.Options.Journal! with { OnDiskFailure = rule } };
        var files = new FailingFiles();
        await using var ledger = new DurableLedger(test.Options, files);
        files.Room = 10;
        try
        {
            await ledger.AppendAsync(Records.Of("a"));
        }
        catch (LedgerWriteException)
        {
        }

        var full = (await CheckAsync(ledger, checks => checks.AddMeaiRouterLedger())).Entries.Values.Single();
        files.Room = long.MaxValue;
        var free = (await CheckAsync(ledger, checks => checks.AddMeaiRouterLedger())).Entries.Values.Single();
        await ledger.AppendAsync(Records.Of("b"));
        var written = (await CheckAsync(ledger, checks => checks.AddMeaiRouterLedger())).Entries.Values.Single();

        Assert.Equal((status, lost), (full.Status, full.Data["records_lost"]));
        Assert.Contains(sentence, full.Description, StringComparison.Ordinal);
        Assert.Equal(HealthStatus.Degraded, free.Status);
        Assert.EndsWith("its disk takes writes again.", free.Description, StringComparison.Ordinal);
        Assert.Equal(HealthStatus.Healthy, written.Status);
        Assert.False(File.Exists(Path.Combine(ledger.Journal.Options.Directory, "probe")));
    }

    [Theory]
    [InlineData(1, 3600, HealthStatus.Degraded, "2 records are waiting for the ledger's database, the oldest for 90 s; up to 1 and 3600 s are usual.")]
    [InlineData(2, 60, HealthStatus.Degraded, "2 records are waiting for the ledger's database, the oldest for 90 s; up to 2 and 60 s are usual.")]
    [InlineData(2, 90, HealthStatus.Healthy, "2 records are waiting for the ledger's database, the oldest for 90 s.")]
    public async Task A_database_too_far_behind_degrades(long maxRecords, int maxSeconds, HealthStatus status, string description)
    {
        using var test = new TestLedger(Database.Sqlite);
        await File.WriteAllTextAsync(test.Options.ConnectionString.Split('=', ';')[1], new string('x', 8192));
        test.Options = test.Options with { ClosingTime = TimeSpan.Zero };
        var time = new SteppedTime();
        await using var ledger = test.Open(time);
        await ledger.AppendAsync(Records.Of("a"));
        await ledger.AppendAsync(Records.Of("b"));
        time.Advance(TimeSpan.FromSeconds(90));

        var check = new LedgerLagHealthCheck(ledger, maxRecords, TimeSpan.FromSeconds(maxSeconds));
        var result = await check.CheckHealthAsync(new());

        Assert.Equal((status, description), (result.Status, result.Description));
        Assert.Equal((2L, 90.0), (result.Data["records_waiting"], result.Data["oldest_waiting_seconds"]));
        Assert.True((long)result.Data["bytes_waiting"] > 0);
    }

    private static async Task<HealthReport> CheckAsync(DurableLedger ledger, Action<IHealthChecksBuilder> add)
    {
        var services = new ServiceCollection().AddLogging().AddSingleton(ledger);
        add(services.AddHealthChecks());
        await using var provider = services.BuildServiceProvider();
        return await provider.GetRequiredService<HealthCheckService>().CheckHealthAsync();
    }
}
