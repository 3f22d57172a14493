using System.Diagnostics;
using MeaiRouter.EntityFrameworkCore.Tests.Running;

namespace MeaiRouter.EntityFrameworkCore.Tests.Projection;

public sealed class OutageTests
{
    [Theory, Postgres]
    public async Task A_database_stopped_under_load_loses_nothing_and_slows_no_append(Database database)
    {
        using var server = new PostgresServer();
        using var test = new TestLedger(database);
        test.Options = test.Options with { ConnectionString = server.NewDatabase(), Journal = test.Options.Journal! with { SegmentBytes = 100_000 } };
        await using var ledger = test.Open();
        await ledger.AppendAsync(Records.Of("before"));
        await ledger.CatchUpAsync();

        var slowest = TimeSpan.Zero;
        var appended = 1;
        using var stop = new CancellationTokenSource();
        var load = Task.Run(async () =>
        {
            while (!stop.IsCancellationRequested)
            {
                var start = Stopwatch.GetTimestamp();
                await ledger.AppendAsync(Records.Of($"r{appended++}"));
                var took = Stopwatch.GetElapsedTime(start);
                slowest = took > slowest ? took : slowest;
                await Task.Delay(1);
            }
        });

        server.Stop();
        while (ledger.Lag is not { Error: not null, Records: > 1_000 })
            await Task.Delay(10);
        Assert.InRange(ledger.Lag.Age, TimeSpan.FromMilliseconds(500), TimeSpan.FromMinutes(1));
        Assert.True(ledger.Lag.Bytes > 100_000);
        Assert.Equal($"r{ledger.Journal.End.Sequence - 5}", (await ledger.Reports.FindAsync($"r{ledger.Journal.End.Sequence - 5}"))?.Id);

        server.Start();
        await stop.CancelAsync();
        await load;
        await ledger.CatchUpAsync();

        Assert.Equal((appended, appended), await ProjectionTests.TotalsAsync(test));
        Assert.Equal((0, null), (ledger.Lag.Records, ledger.Lag.Error));

        // The stop took seconds, in which each connection takes seconds to fail: an append that waited for one would show.
        Assert.True(slowest < TimeSpan.FromSeconds(1), $"The slowest append took {slowest}.");
    }

    [Theory, Postgres]
    public async Task A_ledger_starts_while_its_database_is_down(Database database)
    {
        using var server = new PostgresServer();
        using var test = new TestLedger(database);
        test.Options = test.Options with { ConnectionString = server.NewDatabase() };
        server.Stop();

        await using var ledger = test.Open();
        await ledger.AppendAsync(Records.Of("a"));
        while (ledger.Lag.Error is null)
            await Task.Delay(10);
        server.Start();
        await ledger.CatchUpAsync();

        Assert.Equal((1, 1), await ProjectionTests.TotalsAsync(test));
    }
}
