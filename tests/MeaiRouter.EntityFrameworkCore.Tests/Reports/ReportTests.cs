using MeaiRouter.Attempts;
using MeaiRouter.Catalog;
using MeaiRouter.Costs;
using MeaiRouter.Costs.Reports;
using MeaiRouter.EntityFrameworkCore.Tests.Running;
using MeaiRouter.Pricing;

namespace MeaiRouter.EntityFrameworkCore.Tests.Reports;

public sealed class ReportTests
{
    [Theory, Sqlite, Postgres]
    public async Task Any_grouping_sums_what_the_records_say_before_and_after_the_database_has_them(Database database)
    {
        using var test = new TestLedger(database);
        test.Options = test.Options with { ProjectionInterval = TimeSpan.FromHours(1), BatchSize = 70 };
        var random = new Random(11);
        var records = Enumerable.Range(0, 400).Select(number => Records.Random(random, $"r{number}")).ToList();
        await using var ledger = test.Open();
        foreach (var record in records)
            await ledger.AppendAsync(record);

        for (var round = 0; round < 60; round++)
        {
            // Some of it in the database, some in the journal alone; later all in the database.
            if (round == 30)
                await ledger.CatchUpAsync();
            var query = AnyQuery(random);
            var report = await ledger.Reports.SummarizeAsync(query);
            Assert.Equal(0, report.Pending);
            Assert.Equal(Expected(records, query), report.Rows.ToDictionary(Group, Sums));
        }
    }

    [Theory, Sqlite, Postgres]
    public async Task Rows_come_by_time_and_the_dearest_first_with_means(Database database)
    {
        using var test = new TestLedger(database);
        await using var ledger = test.Open();
        await ledger.AppendAsync(Answer("a", "acme", 10, Records.Noon.AddMinutes(1), seconds: 1));
        await ledger.AppendAsync(Answer("b", "globex", 40, Records.Noon.AddMinutes(2), seconds: 2));
        await ledger.AppendAsync(Answer("c", "acme", 20, Records.Noon.AddMinutes(3), seconds: 2));
        await ledger.AppendAsync(Answer("d", "acme", 5, Records.Noon.AddDays(-1), seconds: 9));
        await ledger.CatchUpAsync();

        var report = await ledger.Reports.SummarizeAsync(new() { GroupBy = UsageDimensions.Provider | UsageDimensions.Day });

        var usage = new TokenUsage { Input = 1, Output = 2 };
        var second = TimeSpan.FromSeconds(1);
        var day = new DateTimeOffset(Records.Noon.Date, TimeSpan.Zero);
        Assert.Equal(
            [
                new UsageRow { Start = day.AddDays(-1), Provider = "acme", Requests = 1, Attempts = 1, Usage = usage, Cost = new(5), MeanDuration = 9 * second, MeanTimeToFirstContent = 4.5 * second },
                new UsageRow { Start = day, Provider = "globex", Requests = 1, Attempts = 1, Usage = usage, Cost = new(40), MeanDuration = 2 * second, MeanTimeToFirstContent = second },
                new UsageRow { Start = day, Provider = "acme", Requests = 2, Attempts = 2, Usage = usage + usage, Cost = new(30), MeanDuration = 1.5 * second, MeanTimeToFirstContent = 0.75 * second },
            ],
            report.Rows);
    }

    [Fact]
    public async Task A_time_that_is_no_whole_hour_is_refused()
    {
        using var test = new TestLedger(Database.Sqlite);
        await using var ledger = test.Open();

        var refusal = await Assert.ThrowsAsync<ArgumentException>(() => ledger.Reports.SummarizeAsync(new() { From = Records.Noon.AddMinutes(30) }));

        Assert.Equal("From: 2026-03-01T12:30:00.0000000+00:00 is not a whole hour in UTC, and the ledger sums by the hour. Round it to one. (Parameter 'From')", refusal.Message);
    }

    [Theory, Sqlite, Postgres]
    public async Task Records_are_listed_and_found_wherever_they_are(Database database)
    {
        using var test = new TestLedger(database);
        test.Options = test.Options with { ProjectionInterval = TimeSpan.FromHours(1), BatchSize = 1_000 };
        var random = new Random(13);
        var records = Enumerable.Range(0, 100).Select(number => Records.Random(random, $"r{number}") with { User = null }).ToList();
        await using var ledger = test.Open();
        foreach (var record in records[..50])
            await ledger.AppendAsync(record);
        await ledger.CatchUpAsync();
        foreach (var record in records[50..])
            await ledger.AppendAsync(record);

        var query = new UsageQuery { Provider = "acme", Tag = "prod", From = Records.Noon.AddHours(-20) };
        var found = new List<GenerationRecord>();
        await foreach (var record in ledger.Reports.RecordsAsync(query))
            found.Add(record);

        Assert.Equivalent(
            records.Where(record => record.CreatedAt >= query.From && record.Tags.Contains("prod") && record.Attempts.Any(attempt => attempt.Provider == "acme")).OrderBy(record => record.Id),
            found.OrderBy(record => record.Id),
            strict: true);
        Assert.Equivalent(records[3], await ledger.Reports.FindAsync("r3"), strict: true);
        Assert.Equivalent(records[97], await ledger.Reports.FindAsync("r97"), strict: true);
        Assert.Null(await ledger.Reports.FindAsync("r"));
    }

    [Fact]
    public async Task The_same_traffic_is_priced_at_every_endpoint_of_its_model()
    {
        using var test = new TestLedger(Database.Sqlite);
        await using var ledger = test.Open();
        var catalog = new ModelCatalog(
        [
            new Model("acme/small")
            {
                Endpoints =
                [
                    new ModelEndpoint("acme", "s") { Price = Price.PerMillion(1, 2) },
                    new ModelEndpoint("globex", "s") { Price = Price.PerMillion(0.5m, 1) },
                    new ModelEndpoint("initech", "s"),
                ],
            },
        ]);
        await ledger.AppendAsync(Answer("a", "acme", 5_000, Records.Noon, 1));
        await ledger.AppendAsync(Answer("b", "acme", 5_000, Records.Noon, 1));
        await ledger.AppendAsync(Answer("c", "globex", 2_500, Records.Noon, 1));
        await ledger.AppendAsync(Answer("d", "acme", 1, Records.Noon, 1) with { Attempts = [new AttemptRecord { Provider = "acme", Model = "acme/small", Outcome = AttemptOutcome.Failed }] });

        var rows = await TrafficComparison.OfAsync(ledger.Reports.RecordsAsync(new()), catalog);

        // One token in and two out: 5 dollars per million answers at acme, 2.5 at globex.
        var small = catalog.Models[0];
        Assert.Equal(
            [
                ("globex", new NanoUsd(7_500), 3, 1, 0, new NanoUsd(12_500)),
                ("acme", new NanoUsd(15_000), 3, 2, 0, new NanoUsd(12_500)),
                ("initech", (NanoUsd?)null, 3, 0, 3, new NanoUsd(12_500)),
            ],
            rows.Select(row => (row.Endpoint.Provider, row.Cost, row.Answers, row.ServedHere, row.Unpriced, row.Paid)));
        Assert.All(rows, row => Assert.Same(small, row.Model));
    }

    [Fact]
    public async Task A_report_is_written_as_csv_that_no_name_can_break_out_of()
    {
        using var writer = new StringWriter();

        await UsageCsv.WriteAsync(writer,
        [
            new UsageRow
            {
                Start = Records.Noon, Model = "acme/small", Provider = "=cmd()", User = "a,\"b\"\n", Requests = 3, Attempts = 4, FailedAttempts = 1, Cost = new(1_500_000_001), UpstreamCost = new(2),
                Usage = new TokenUsage { Input = 10, CacheRead = 5, CacheWrite = 1, CacheWrite1h = 2, Output = 7, Reasoning = 3 }, MeanDuration = TimeSpan.FromMilliseconds(1.5),
            },
        ]);

        Assert.Equal(
            "start,model,provider,endpoint,key,user,tag,requests,failed_requests,cancelled_requests,attempts,failed_attempts,unpriced_attempts,estimated_attempts,cost_usd,input_tokens,cache_read_tokens,cache_write_tokens,output_tokens,reasoning_tokens,mean_duration_ms,mean_first_content_ms,upstream_cost_usd\r\n"
            + "2026-03-01T12:00:00Z,acme/small,'=cmd(),,,\"a,\"\"b\"\"\n\",,3,0,0,4,1,0,0,1.500000001,18,5,3,10,3,1.5,,0.000000002\r\n",
            writer.ToString());
    }

    private static GenerationRecord Answer(string id, string provider, long cost, DateTimeOffset at, int seconds) => new()
    {
        Id = id,
        CreatedAt = at,
        Cost = new NanoUsd(cost),
        Attempts =
        [
            new AttemptRecord
            {
                Provider = provider, Model = "acme/small", Endpoint = provider, StartedAt = at, Duration = TimeSpan.FromSeconds(seconds), TimeToFirstContent = TimeSpan.FromSeconds(seconds / 2.0),
                Outcome = AttemptOutcome.Answered, Cost = new NanoUsd(cost), Usage = new TokenUsage { Input = 1, Output = 2 },
            },
        ],
    };

    private static UsageQuery AnyQuery(Random random)
    {
        var hour = new DateTimeOffset(Records.Noon.Date, TimeSpan.Zero);
        return new UsageQuery
        {
            From = random.Next(3) switch { 0 => null, 1 => hour.AddDays(-random.Next(3)), _ => hour.AddHours(-random.Next(50)) },
            To = random.Next(3) switch { 0 => null, 1 => hour.AddDays(random.Next(3)), _ => hour.AddHours(random.Next(50)) },
            GroupBy = (UsageDimensions)random.Next(256),
            Model = random.Next(4) == 0 ? "acme/small" : null,
            Provider = random.Next(4) == 0 ? "acme" : null,
            Endpoint = random.Next(8) == 0 ? "acme/eu" : null,
            Key = random.Next(4) == 0 ? "team-a" : null,
            User = random.Next(8) == 0 ? "u,\"1\"" : null,
            Tag = random.Next(4) == 0 ? "eval" : null,
        };
    }

    // The same sums by another road: LINQ over the records.
    private static Dictionary<string, string> Expected(List<GenerationRecord> records, UsageQuery query)
    {
        bool By(UsageDimensions dimension) => query.GroupBy.HasFlag(dimension);
        var byTag = By(UsageDimensions.Tag) || query.Tag is not null;
        var facts =
            from record in records
            where (query.From is null || record.CreatedAt >= query.From) && (query.To is null || record.CreatedAt < query.To)
            where (query.Key ?? record.Key) == record.Key && (query.User ?? record.User) == record.User
            let answer = record.Attempts.LastOrDefault(attempt => attempt.Outcome == AttemptOutcome.Answered) ?? record.Attempts[^1]
            from tag in byTag ? record.Tags.Distinct() : [""]
            where query.Tag is null || tag == query.Tag
            from attempt in record.Attempts
            where (query.Model ?? attempt.Model) == attempt.Model && (query.Provider ?? attempt.Provider) == attempt.Provider && (query.Endpoint ?? attempt.Endpoint) == attempt.Endpoint
            let at = record.CreatedAt.UtcDateTime
            let start = By(UsageDimensions.Hour) ? at.Date.AddHours(at.Hour) : By(UsageDimensions.Day) ? at.Date : (DateTime?)null
            select (attempt, decides: ReferenceEquals(answer, attempt), Row: new UsageRow
            {
                Start = start is { } time ? new DateTimeOffset(time, TimeSpan.Zero) : null,
                Tag = By(UsageDimensions.Tag) ? tag : null,
                Model = By(UsageDimensions.Model) ? attempt.Model : null,
                Provider = By(UsageDimensions.Provider) ? attempt.Provider : null,
                Endpoint = By(UsageDimensions.Endpoint) ? attempt.Endpoint : null,
                Key = By(UsageDimensions.Key) ? record.Key : null,
                User = By(UsageDimensions.User) ? record.User?.Replace('\0', '\uFFFD') : null,
            });

        return facts.GroupBy(fact => Group(fact.Row)).ToDictionary(group => group.Key, group =>
        {
            var answers = group.Where(fact => fact.attempt.Outcome == AttemptOutcome.Answered).Select(fact => fact.attempt.Duration).ToList();
            var contents = group.Where(fact => fact.attempt.TimeToFirstContent is not null).Select(fact => fact.attempt.TimeToFirstContent!.Value).ToList();
            return Sums(new UsageRow
            {
                Requests = group.Count(fact => fact.decides),
                FailedRequests = group.Count(fact => fact.decides && fact.attempt.Outcome is AttemptOutcome.Failed or AttemptOutcome.Superseded && fact.decides),
                CancelledRequests = group.Count(fact => fact.decides && fact.attempt.Outcome == AttemptOutcome.Cancelled),
                Attempts = group.Count(),
                FailedAttempts = group.Count(fact => fact.attempt.Outcome == AttemptOutcome.Failed),
                UnpricedAttempts = group.Count(fact => fact.attempt.Cost is null),
                EstimatedAttempts = group.Count(fact => fact.attempt.Usage.IsEstimated),
                Usage = group.Aggregate(default(TokenUsage), (sum, fact) => sum + fact.attempt.Usage),
                Cost = group.Aggregate(NanoUsd.Zero, (sum, fact) => sum + fact.attempt.Cost.GetValueOrDefault()),
                MeanDuration = answers.Count == 0 ? null : TimeSpan.FromTicks(answers.Sum(time => time.Ticks) / answers.Count),
                MeanTimeToFirstContent = contents.Count == 0 ? null : TimeSpan.FromTicks(contents.Sum(time => time.Ticks) / contents.Count),
            });
        });
    }

    private static string Group(UsageRow row) => $"{row.Start:O}|{row.Tag}|{row.Model}|{row.Provider}|{row.Endpoint}|{row.Key}|{row.User}";

    private static string Sums(UsageRow row) =>
        (row with { Start = null, Tag = null, Model = null, Provider = null, Endpoint = null, Key = null, User = null }).ToString();
}
