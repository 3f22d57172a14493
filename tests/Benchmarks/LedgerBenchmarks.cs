using BenchmarkDotNet.Attributes;
using MeaiRouter.Attempts;
using MeaiRouter.Costs;
using MeaiRouter.EntityFrameworkCore;
using MeaiRouter.EntityFrameworkCore.Journal;
using MeaiRouter.Pricing;

namespace MeaiRouter.Benchmarks;

/// <summary>What a request pays for its record, and how fast records get from the journal into SQLite.</summary>
public class LedgerBenchmarks
{
    private const int Records = 20_000;

    private readonly GenerationRecord[] _records = [.. Enumerable.Range(0, Records).Select(Record)];
    private string _directory = "";
    private LedgerJournal? _journal;
    private int _next;

    private LedgerOptions Options => new()
    {
        ConnectionString = $"Data Source={Path.Combine(_directory, "ledger.db")};Pooling=False",
        Journal = new JournalOptions { Directory = Path.Combine(_directory, "journal") },
        ProjectionInterval = TimeSpan.Zero,
    };

    [IterationSetup(Target = nameof(Project))]
    public void FillJournal()
    {
        _directory = Directory.CreateTempSubdirectory("meairouter-benchmark-").FullName;
        var journal = LedgerJournal.Open(Options.Journal!);
        foreach (var record in _records)
            journal.AppendAsync(record).AsTask().GetAwaiter().GetResult();
        journal.DisposeAsync().AsTask().GetAwaiter().GetResult();
    }

    [IterationCleanup(Target = nameof(Project))]
    public void DeleteAll() => Directory.Delete(_directory, recursive: true);

    [GlobalSetup(Target = nameof(Append))]
    public void OpenJournal()
    {
        _directory = Directory.CreateTempSubdirectory("meairouter-benchmark-").FullName;
        _journal = LedgerJournal.Open(Options.Journal!);
    }

    [GlobalCleanup(Target = nameof(Append))]
    public void CloseJournal()
    {
        _journal!.DisposeAsync().AsTask().GetAwaiter().GetResult();
        DeleteAll();
    }

    [Benchmark(Description = "append to the journal")]
    public ValueTask Append() => _journal!.AppendAsync(_records[_next++ % Records]);

    [Benchmark(Description = "journal to SQLite, a record", OperationsPerInvoke = Records)]
    public async Task Project()
    {
        await using var ledger = new DurableLedger(Options);
        await ledger.CatchUpAsync();
    }

    private static GenerationRecord Record(int number)
    {
        var at = new DateTimeOffset(2026, 3, 1, 12, 0, 0, TimeSpan.Zero).AddSeconds(number);
        return new GenerationRecord
        {
            Id = $"gen-{number * 2_654_435_761L:x16}-{number}",
            CreatedAt = at,
            RequestedModel = "acme/large",
            ServedModel = "large-v1",
            IsStreamed = true,
            FinishReason = "stop",
            Key = $"team-{number % 20}",
            User = $"user-{number % 500}",
            Tags = ["prod"],
            Cost = new NanoUsd(123_456),
            Attempts =
            [
                new AttemptRecord
                {
                    Provider = "acme", Model = "acme/large", Endpoint = "acme/eu", StartedAt = at, Duration = TimeSpan.FromSeconds(3), TimeToFirstContent = TimeSpan.FromMilliseconds(400),
                    Outcome = AttemptOutcome.Answered, Usage = new TokenUsage { Input = 1_000, CacheRead = 500, Output = 300 }, Cost = new NanoUsd(123_456),
                },
            ],
        };
    }
}
