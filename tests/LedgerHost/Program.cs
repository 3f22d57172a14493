using System.Globalization;
using MeaiRouter.Attempts;
using MeaiRouter.Costs;
using MeaiRouter.EntityFrameworkCore;
using MeaiRouter.EntityFrameworkCore.Journal;
using MeaiRouter.Pricing;

// Appends records without end and prints the id of each that was acknowledged: somebody to kill. Arguments: connection string, journal, a prefix for the ids.
await using var ledger = new DurableLedger(new LedgerOptions
{
    ConnectionString = args[0],
    Journal = new JournalOptions { Directory = args[1], SegmentBytes = 64 << 10, FlushInterval = TimeSpan.FromMilliseconds(2) },
    ProjectionInterval = TimeSpan.FromMilliseconds(1),
    BatchSize = 50,
});

var output = Console.OpenStandardOutput();
var writing = new Lock();
Print("cut " + ledger.Journal.BytesCut.ToString(CultureInfo.InvariantCulture));
await Task.WhenAll(Enumerable.Range(0, 4).Select(worker => Task.Run(async () =>
{
    for (var number = 0; ; number++)
    {
        var id = $"{args[2]}-{worker}-{number}";
        var cost = new NanoUsd(number + 1);
        await ledger.AppendAsync(new GenerationRecord
        {
            Id = id,
            CreatedAt = DateTimeOffset.UtcNow,
            Cost = cost,
            Attempts = [new AttemptRecord { Provider = "acme", Outcome = AttemptOutcome.Answered, Cost = cost, Usage = new TokenUsage { Input = number } }],
        });
        Print(id);
    }
})));

void Print(string line)
{
    var bytes = System.Text.Encoding.ASCII.GetBytes(line + "\n");
    lock (writing)
        output.Write(bytes);
}
