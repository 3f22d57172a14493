using MeaiRouter.EntityFrameworkCore.Databases;
using MeaiRouter.EntityFrameworkCore.Projection;
using MeaiRouter.EntityFrameworkCore.Tests.Running;

namespace MeaiRouter.EntityFrameworkCore.Tests.Projection;

public sealed class RetentionTests
{
    [Theory, Sqlite, Postgres]
    public async Task Old_records_go_in_chunks_and_their_sums_stay(Database database)
    {
        using var test = new TestLedger(database);
        test.Options = test.Options with { KeepRecords = TimeSpan.FromDays(30), KeepHours = TimeSpan.FromDays(60), KeepDays = TimeSpan.FromDays(365) };
        var time = new SteppedTime();
        var now = time.GetUtcNow();
        await using var ledger = test.Open();
        for (var number = 0; number < 2_500; number++)
            await ledger.AppendAsync(Records.Of($"old{number}") with { CreatedAt = now.AddDays(-31) });
        await ledger.AppendAsync(Records.Of("new") with { CreatedAt = now.AddDays(-29) });
        await ledger.AppendAsync(Records.Of("older") with { CreatedAt = now.AddDays(-61) });
        await ledger.AppendAsync(Records.Of("oldest") with { CreatedAt = now.AddDays(-367) });
        await ledger.CatchUpAsync();

        var sweep = new LedgerRetention(Databases.ConnectionStrings.Open(test.Options.ConnectionString), test.Options, time, Microsoft.Extensions.Logging.Abstractions.NullLogger.Instance);
        Assert.Equal(5, await sweep.SweepAsync(default));
        Assert.Equal(0, await sweep.SweepAsync(default));

        Assert.Equal([["new"]], await test.QueryAsync("SELECT id FROM requests"));
        Assert.Equal([["new"]], await test.QueryAsync("SELECT request_id FROM attempts"));
        Assert.Equal([2_500L, 1L], (await test.QueryAsync("SELECT requests FROM rollups WHERE seconds = 3600 ORDER BY started_at")).Select(row => row[0]));
        Assert.Equal([1L, 2_500L, 1L], (await test.QueryAsync("SELECT requests FROM rollups WHERE seconds = 86400 ORDER BY started_at")).Select(row => row[0]));
    }
}
