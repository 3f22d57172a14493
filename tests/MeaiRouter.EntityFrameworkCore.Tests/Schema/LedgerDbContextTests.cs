using MeaiRouter.EntityFrameworkCore.Schema;
using MeaiRouter.EntityFrameworkCore.Tests.Running;
using Microsoft.EntityFrameworkCore;

namespace MeaiRouter.EntityFrameworkCore.Tests.Schema;

public sealed class LedgerDbContextTests
{
    [Theory, Postgres]
    public async Task Tables_are_read_in_linq(Database database)
    {
        using var test = new TestLedger(database);
        await using (var ledger = test.Open())
        {
            await ledger.AppendAsync(Records.Of("a", cost: 3) with { Key = "team-a" });
            await ledger.AppendAsync(Records.Of("b", cost: 4) with { Key = "team-b" });
        }

        await using var context = new LedgerDbContext(new DbContextOptionsBuilder<LedgerDbContext>().UseNpgsql(test.Options.ConnectionString).Options);
        var spent =
            from request in context.Requests
            join attempt in context.Attempts on request.Id equals attempt.RequestId
            where request.KeyName == "team-b" && attempt.Provider == "acme"
            select new { request.Id, request.Outcome, request.CreatedAt, attempt.Number, attempt.CostNanoUsd };

        Assert.Equivalent(
            new[] { new { Id = "b", Outcome = "Answered", CreatedAt = Records.Noon.ToUnixTimeMilliseconds(), Number = 0L, CostNanoUsd = (long?)4 } },
            await spent.ToListAsync(),
            strict: true);

        // Every mapped column exists.
        Assert.Equal(2, (await context.Requests.ToListAsync()).Count);
        Assert.Equal(2, (await context.Attempts.ToListAsync()).Count);
    }
}
