using MeaiRouter.EntityFrameworkCore.Databases;
using MeaiRouter.EntityFrameworkCore.Journal;
using MeaiRouter.EntityFrameworkCore.Schema;
using MeaiRouter.EntityFrameworkCore.Tests.Running;

namespace MeaiRouter.EntityFrameworkCore.Tests.Projection;

public sealed class ProjectionTests
{
    [Theory, Sqlite, Postgres]
    public async Task Every_record_arrives_whole_with_its_attempts(Database database)
    {
        using var test = new TestLedger(database);
        var random = new Random(7);
        var records = Enumerable.Range(0, 500).Select(number => Records.Random(random, $"r{number}")).ToList();

        await using (var ledger = test.Open())
        {
            foreach (var record in records)
                await ledger.AppendAsync(record);
            await ledger.CatchUpAsync();

            foreach (var record in records)
                Assert.Equivalent(record with { User = record.User?.Replace('\0', '\uFFFD') }, await ledger.Reports.FindAsync(record.Id), strict: true);
            Assert.Equal((0, 0, TimeSpan.Zero, null), (ledger.Lag.Records, ledger.Lag.Bytes, ledger.Lag.Age, ledger.Lag.Error));
        }

        Assert.Equal(records.Count, await test.CountAsync("SELECT COUNT(*) FROM requests"));
        Assert.Equal(records.Sum(record => record.Attempts.Count), await test.CountAsync("SELECT COUNT(*) FROM attempts"));
        Assert.Equal(
            records.SelectMany(record => record.Attempts).Sum(attempt => attempt.Cost?.Value ?? 0),
            await test.CountAsync("SELECT CAST(SUM(cost_nano_usd) AS bigint) FROM attempts"));
        Assert.Equal(records.Count(record => record.Cost is null), await test.CountAsync("SELECT COUNT(*) FROM requests WHERE cost_nano_usd IS NULL"));
        Assert.Equal(0, await test.CountAsync("SELECT COUNT(*) FROM unreadable_records"));
    }

    [Theory, Sqlite, Postgres]
    public async Task A_record_appended_twice_counts_once(Database database)
    {
        using var test = new TestLedger(database);
        await using var ledger = test.Open();

        await ledger.AppendAsync(Records.Of("a", cost: 5));
        await ledger.AppendAsync(Records.Of("a", cost: 5));
        await ledger.CatchUpAsync();
        await ledger.AppendAsync(Records.Of("a", cost: 5));
        await ledger.AppendAsync(Records.Of("b", cost: 7));
        await ledger.CatchUpAsync();

        Assert.Equal((2, 12), await TotalsAsync(test));
    }

    [Theory, Sqlite, Postgres]
    public async Task Closed_with_records_left_the_next_ledger_takes_them_over_once(Database database)
    {
        using var test = new TestLedger(database);
        test.Options = test.Options with { ClosingTime = TimeSpan.Zero, BatchSize = 3, ProjectionInterval = TimeSpan.Zero };

        for (var opening = 0; opening < 5; opening++)
        {
            await using var ledger = test.Open();
            for (var number = 0; number < 40; number++)
                await ledger.AppendAsync(Records.Of($"{opening}-{number}"));
        }

        await using var last = test.Open();
        await last.CatchUpAsync();
        Assert.Equal((200, 200), await TotalsAsync(test));
    }

    [Theory, Sqlite, Postgres]
    public async Task A_journal_older_than_the_database_is_taken_over_all_the_same(Database database)
    {
        using var test = new TestLedger(database);
        var journal = test.Options.Journal!.Directory;
        await using (var ledger = test.Open())
        {
            await ledger.AppendAsync(Records.Of("a"));
        }

        var backup = Directory.GetFiles(journal).ToDictionary(file => file, File.ReadAllBytes);
        await using (var ledger = test.Open())
        {
            await ledger.AppendAsync(Records.Of("b"));
            await ledger.AppendAsync(Records.Of("c"));
        }

        foreach (var (file, bytes) in backup)
            File.WriteAllBytes(file, bytes);
        await using (var ledger = test.Open())
        {
            await ledger.AppendAsync(Records.Of("d"));
            await ledger.CatchUpAsync();
        }

        Assert.Equal(["a", "b", "c", "d"], (await test.QueryAsync("SELECT id FROM requests ORDER BY id")).Select(row => (string)row[0]));
    }

    [Theory, Sqlite, Postgres]
    public async Task A_lost_database_gets_what_the_journal_still_has(Database database)
    {
        using var test = new TestLedger(database);
        await using (var ledger = test.Open())
        {
            await ledger.AppendAsync(Records.Of("a"));
        }

        using var other = new TestLedger(database);
        test.Options = other.Options with { Journal = test.Options.Journal };
        await using (var ledger = test.Open())
        {
            await ledger.AppendAsync(Records.Of("b"));
        }

        Assert.Equal((2, 2), await TotalsAsync(test));
    }

    [Theory, Sqlite, Postgres]
    public async Task A_record_that_cannot_be_read_is_put_aside_and_holds_up_nobody(Database database)
    {
        using var test = new TestLedger(database);
        await using var ledger = test.Open();

        await ledger.AppendAsync(Records.Of("a"));
        ledger.Journal.Segments.Write(Unreadable(), 1);
        await ledger.AppendAsync(Records.Of("b"));
        await ledger.CatchUpAsync();

        Assert.Equal((2, 2), await TotalsAsync(test));
        var aside = Assert.Single(await test.QueryAsync("SELECT journal, sequence, payload FROM unreadable_records"));
        Assert.Equal([ledger.Journal.Id, 1L, "{\"id\":5}"], aside);

        static byte[] Unreadable()
        {
            byte[] record = [.. new byte[JournalFormat.RecordHeader], .. "{\"id\":5}"u8];
            JournalFormat.WriteRecordHeader(record, 1, 0);
            return record;
        }
    }

    [Theory, Sqlite, Postgres]
    public async Task An_answer_from_a_cache_is_a_request_without_attempts_or_cost(Database database)
    {
        using var test = new TestLedger(database);
        await using var ledger = test.Open();

        await ledger.AppendAsync(Records.Of("a"));
        await ledger.AppendAsync(Records.Of("hit", cost: 0) with { Attempts = [], FinishReason = "stop" });
        await ledger.CatchUpAsync();

        Assert.Equal(["Answered"], Assert.Single(await test.QueryAsync("SELECT outcome FROM requests WHERE id = 'hit'")));
        var row = Assert.Single((await ledger.Reports.SummarizeAsync(new())).Rows);
        Assert.Equal((2, 1, 0, 1), (row.Requests, row.Attempts, row.FailedRequests, row.Cost.Value));
    }

    [Theory, Postgres]
    public async Task A_record_the_database_refuses_is_put_aside_and_holds_up_nobody(Database database)
    {
        using var test = new TestLedger(database);

        // Random, because PostgreSQL compresses; an entry of its indexes has at most 2,704 bytes.
        var random = new Random(3);
        var tooLong = new string([.. Enumerable.Range(0, 9_000).Select(_ => (char)random.Next('0', 'z'))]);
        await using (var ledger = test.Open())
        {
            for (var number = 0; number < 20; number++)
                await ledger.AppendAsync(Records.Of(number is 7 or 8 or 19 ? tooLong + number : $"r{number}"));
            await ledger.CatchUpAsync();
        }

        Assert.Equal((17, 17), await TotalsAsync(test));
        Assert.Equal([7L, 8L, 19L], (await test.QueryAsync("SELECT sequence FROM unreadable_records ORDER BY sequence")).Select(row => row[0]));
    }

    [Theory, Sqlite, Postgres]
    public async Task A_new_database_is_migrated_once_however_many_start_at_the_same_time(Database database)
    {
        using var test = new TestLedger(database);
        await Task.WhenAll(Enumerable.Range(0, 6).Select(_ => Task.Run(async () =>
        {
            await using var one = ConnectionStrings.Open(test.Options.ConnectionString);
            await one.MigrateAsync(default);
        })));

        Assert.Equal([[1L], [2L], [3L], [4L], [5L]], await test.QueryAsync("SELECT version FROM schema_versions ORDER BY version"));
        foreach (var table in (string[])[Tables.Requests, Tables.Attempts, Tables.Rollups, Tables.Positions, Tables.Unreadable])
            Assert.Equal(0, await test.CountAsync($"SELECT COUNT(*) FROM {table}"));
    }

    [Theory, Sqlite, Postgres]
    public async Task A_schema_from_the_future_is_left_alone(Database database)
    {
        using var test = new TestLedger(database);
        await using var one = ConnectionStrings.Open(test.Options.ConnectionString);
        await one.MigrateAsync(default);
        await test.QueryAsync("INSERT INTO schema_versions (version) VALUES (99)");

        var refusal = await Assert.ThrowsAsync<NotSupportedException>(() => one.MigrateAsync(default));

        Assert.Equal("The ledger's database has schema version 99; this version of MeaiRouter knows 5. Use the newer one, or another database.", refusal.Message);
    }

    [Theory, Sqlite, Postgres]
    public async Task Two_journals_share_a_database(Database database)
    {
        using var test = new TestLedger(database);
        using var other = new TestLedger(Database.Sqlite);
        other.Options = other.Options with { ConnectionString = test.Options.ConnectionString };
        await using (var one = test.Open())
        await using (var two = other.Open())
        {
            await Task.WhenAll(Append(one, "one"), Append(two, "two"));
            await one.CatchUpAsync();
            await two.CatchUpAsync();
        }

        Assert.Equal((1_000, 1_000), await TotalsAsync(test));
        Assert.Equal([[500L], [500L]], await test.QueryAsync("SELECT sequence FROM positions"));

        static async Task Append(DurableLedger ledger, string name)
        {
            for (var number = 0; number < 500; number++)
                await ledger.AppendAsync(Records.Of($"{name}{number}"));
        }
    }

    [Theory, Sqlite, Postgres]
    public async Task Files_of_the_journal_go_once_the_database_has_their_records(Database database)
    {
        using var test = new TestLedger(database);
        test.Options = test.Options with { Journal = test.Options.Journal! with { SegmentBytes = 2_000 } };
        await using var ledger = test.Open();

        for (var number = 0; number < 500; number++)
            await ledger.AppendAsync(Records.Of($"r{number}"));
        await ledger.CatchUpAsync();
        await ledger.AppendAsync(Records.Of("last"));
        await ledger.CatchUpAsync();

        Assert.True(JournalFormat.SegmentsIn(test.Options.Journal!.Directory).Count <= 2);
        Assert.Equal((501, 501), await TotalsAsync(test));
    }

    internal static async Task<(long Requests, long Cost)> TotalsAsync(TestLedger test)
    {
        var requests = await test.CountAsync("SELECT COUNT(*) FROM requests");
        Assert.Equal(requests, await test.CountAsync("SELECT CAST(SUM(requests) AS bigint) FROM rollups WHERE seconds = 3600 AND tag = ''"));
        Assert.Equal(requests, await test.CountAsync("SELECT CAST(SUM(requests) AS bigint) FROM rollups WHERE seconds = 86400 AND tag = ''"));

        var cost = await test.CountAsync("SELECT CAST(SUM(cost_nano_usd) AS bigint) FROM requests");
        Assert.Equal(cost, await test.CountAsync("SELECT CAST(SUM(cost_nano_usd) AS bigint) FROM rollups WHERE seconds = 3600 AND tag = ''"));
        Assert.Equal(cost, await test.CountAsync("SELECT CAST(SUM(cost_nano_usd) AS bigint) FROM attempts"));
        return (requests, cost);
    }
}
