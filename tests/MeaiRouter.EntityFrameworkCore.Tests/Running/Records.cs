using MeaiRouter.Attempts;
using MeaiRouter.Costs;
using MeaiRouter.EntityFrameworkCore.Journal;
using MeaiRouter.EntityFrameworkCore.Schema;
using MeaiRouter.Pricing;

namespace MeaiRouter.EntityFrameworkCore.Tests.Running;

internal static class Records
{
    public static readonly DateTimeOffset Noon = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);

    public static GenerationRecord Of(string id, long cost = 1) => new()
    {
        Id = id,
        CreatedAt = Noon,
        Cost = new NanoUsd(cost),
        Attempts = [new AttemptRecord { Provider = "acme", StartedAt = Noon, Outcome = AttemptOutcome.Answered, Cost = new NanoUsd(cost), Usage = new TokenUsage { Input = 1 } }],
    };

    /// <summary>Any record a request could leave behind.</summary>
    public static GenerationRecord Random(Random random, string id)
    {
        var attempts = Enumerable.Range(0, random.Next(1, 4)).Select(_ => Attempt(random)).ToList();
        if (random.Next(4) > 0)
            attempts[^1] = attempts[^1] with { Outcome = AttemptOutcome.Answered, FailureKind = null, Status = null };

        return new GenerationRecord
        {
            Id = id,
            CreatedAt = Noon + TimeSpan.FromMinutes(random.Next(-3_000, 3_000)) + TimeSpan.FromTicks(random.Next(10_000)),
            RequestedModel = Pick(random, null, "acme/small", "ACME/Large:floor"),
            ServedModel = Pick(random, null, "small-v1"),
            IsStreamed = random.Next(2) == 0,
            FinishReason = Pick(random, null, "stop", "length"),
            NativeFinishReason = Pick(random, null, "STOP"),
            Attempts = attempts,
            Cost = attempts.Any(attempt => attempt.Cost is null) ? null : attempts.Aggregate(NanoUsd.Zero, (sum, attempt) => sum + attempt.Cost!.Value),
            Key = Pick(random, null, "team-a", "team-b"),
            User = Pick(random, null, "u,\"1\"", "käthe\0"),
            Tags = Pick<string[]>(random, [], ["prod"], ["prod", "eval"], ["eval", "eval"])!,
        };
    }

    /// <summary>Every record of a journal, from its own files.</summary>
    public static List<GenerationRecord> In(LedgerJournal journal)
    {
        using var reader = new JournalReader(journal.Segments, journal.Start);
        var records = new List<GenerationRecord>();
        while (reader.TryRead(journal.End, out var payload))
            records.Add(ProjectedRecord.Read(0, payload.Span).Record!);
        return records;
    }

    public static string[] Ids(LedgerJournal journal) => [.. In(journal).Select(record => record.Id)];

    private static AttemptRecord Attempt(Random random)
    {
        var outcome = Pick(random, AttemptOutcome.Answered, AttemptOutcome.Failed, AttemptOutcome.Cancelled, AttemptOutcome.Superseded);
        return new AttemptRecord
        {
            Provider = Pick(random, "acme", "globex")!,
            Model = Pick(random, null, "acme/small", "acme/large"),
            Endpoint = Pick(random, null, "acme/eu", "acme/us"),
            StartedAt = Noon + TimeSpan.FromTicks(random.Next()),
            Duration = TimeSpan.FromMicroseconds(random.Next()),
            TimeToFirstContent = random.Next(2) == 0 ? null : TimeSpan.FromMicroseconds(random.Next()),
            Outcome = outcome,
            FailureKind = outcome == AttemptOutcome.Failed ? FailureKind.RateLimited : null,
            Status = outcome == AttemptOutcome.Failed ? 429 : null,
            Usage = new TokenUsage
            {
                Input = random.Next(1_000), CacheRead = random.Next(1_000), CacheWrite = random.Next(9), CacheWrite1h = random.Next(9), AudioInput = random.Next(9),
                ImageInput = random.Next(9), Output = random.Next(1_000), Reasoning = random.Next(9), AudioOutput = random.Next(9), ImageOutput = random.Next(9),
                IsEstimated = random.Next(5) == 0,
            },
            Cost = random.Next(5) == 0 ? null : new NanoUsd(random.NextInt64(10_000_000_000)),
        };
    }

    private static T Pick<T>(Random random, params T[] choices) => choices[random.Next(choices.Length)];
}
