using MeaiRouter.Attempts;
using MeaiRouter.Costs;
using MeaiRouter.Pricing;

namespace MeaiRouter.Core.Tests.Costs;

public sealed class InMemoryLedgerTests
{
    [Fact]
    public async Task Totals_are_kept_by_model_and_provider_dearest_first()
    {
        var ledger = new InMemoryLedger();

        await ledger.AppendAsync(Record("1", Attempt("m", "a", 5, AttemptOutcome.Failed), Attempt("m", "b", 7, AttemptOutcome.Answered)));
        await ledger.AppendAsync(Record("2", Attempt("m", "b", null, AttemptOutcome.Answered)));
        await ledger.AppendAsync(Record("3", Attempt(null, "b", 5, AttemptOutcome.Answered)));

        Assert.Equal(
            [
                new SpendTotal("m", "b") { Attempts = 2, Answers = 2, Unpriced = 1, Usage = new() { Input = 2 }, Cost = new(7) },
                new SpendTotal(null, "b") { Attempts = 1, Answers = 1, Usage = new() { Input = 1 }, Cost = new(5) },
                new SpendTotal("m", "a") { Attempts = 1, Usage = new() { Input = 1 }, Cost = new(5) },
            ],
            ledger.Totals);
        Assert.Equal(["1", "2", "3"], ledger.Records.Select(record => record.Id));
    }

    [Fact]
    public async Task Beyond_its_capacity_old_records_go_and_totals_stay()
    {
        var ledger = new InMemoryLedger(capacity: 2);

        foreach (var id in new[] { "1", "2", "3" })
            await ledger.AppendAsync(Record(id, Attempt("m", "a", 1, AttemptOutcome.Answered)));

        Assert.Equal(["2", "3"], ledger.Records.Select(record => record.Id));
        Assert.Equal((3, new NanoUsd(3)), (ledger.Totals.Single().Attempts, ledger.Totals.Single().Cost));
    }

    [Fact]
    public async Task Records_from_many_threads_are_all_counted_while_others_read()
    {
        var ledger = new InMemoryLedger(capacity: 100);

        await Task.WhenAll(Enumerable.Range(0, 8).Select(thread => Task.Run(async () =>
        {
            for (var i = 0; i < 500; i++)
            {
                await ledger.AppendAsync(Record($"{thread}-{i}", Attempt("m", "a", 1, AttemptOutcome.Answered)));
                Assert.True(ledger.Records.Count <= 100);
                var total = ledger.Totals.Single();
                Assert.Equal(total.Attempts, total.Cost.Value);
            }
        })));

        Assert.Equal((4_000, 4_000, new NanoUsd(4_000)), (ledger.Totals[0].Attempts, ledger.Totals[0].Answers, ledger.Totals[0].Cost));
        Assert.Equal(100, ledger.Records.Count);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(-1)]
    public void A_ledger_without_room_is_refused(int capacity) =>
        Assert.Throws<ArgumentOutOfRangeException>(nameof(capacity), () => new InMemoryLedger(capacity));

    private static GenerationRecord Record(string id, params AttemptRecord[] attempts) => new() { Id = id, Attempts = attempts };

    private static AttemptRecord Attempt(string? model, string provider, long? cost, AttemptOutcome outcome) => new()
    {
        Provider = provider, Model = model, Outcome = outcome, Usage = new() { Input = 1 }, Cost = cost is { } nano ? new NanoUsd(nano) : null,
    };
}
