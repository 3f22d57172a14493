using MeaiRouter.Costs;
using MeaiRouter.Costs.Reports;
using MeaiRouter.EntityFrameworkCore.Journal;
using MeaiRouter.EntityFrameworkCore.Tests.Running;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace MeaiRouter.EntityFrameworkCore.Tests.Registration;

public sealed class AddMeaiRouterLedgerTests
{
    [Fact]
    public async Task One_connection_string_makes_the_ledger_and_its_reports()
    {
        using var directory = new TemporaryDirectory();
        var services = new ServiceCollection()
            .AddSingleton<ILedger, InMemoryLedger>()
            .AddMeaiRouterLedger($"Data Source={directory["ledger.db"]};Pooling=False");

        await using (var provider = services.BuildServiceProvider())
        {
            foreach (var hosted in provider.GetServices<IHostedService>())
                await hosted.StartAsync(default);
            Assert.True(File.Exists(Path.Combine(directory["ledger.db.journal.d"], JournalFormat.SegmentName(0))));

            var ledger = Assert.IsType<DurableLedger>(Assert.Single(provider.GetServices<ILedger>()));
            await ledger.AppendAsync(Records.Of("a", cost: 9));
            Assert.Equal(9, Assert.Single((await provider.GetRequiredService<ILedgerReports>().SummarizeAsync(new())).Rows).Cost.Value);
        }

        // Closed with the services: the journal is free again.
        await using var again = LedgerJournal.Open(new JournalOptions { Directory = directory["ledger.db.journal.d"] });
    }

    [Fact]
    public async Task A_journal_in_use_stops_the_start_of_the_host()
    {
        using var directory = new TemporaryDirectory();
        await using var other = LedgerJournal.Open(new JournalOptions { Directory = directory["ledger.db.journal.d"] });
        await using var provider = new ServiceCollection().AddMeaiRouterLedger($"Data Source={directory["ledger.db"]}").BuildServiceProvider();

        await Assert.ThrowsAsync<JournalInUseException>(() => provider.GetServices<IHostedService>().Single().StartAsync(default));
    }

    [Theory]
    [InlineData("Data Source=:memory:", "Ledger: a database in memory cannot keep a ledger. Name a file, as in 'Data Source=ledger.db', or leave the ledger out. (Parameter 'connectionString')")]
    [InlineData("Password=hunter2", "Ledger: the connection string names no database. Write 'Data Source=ledger.db' for SQLite or 'Host=...;Database=...' for PostgreSQL. (Parameter 'connectionString')")]
    [InlineData("hunter2", "Ledger: this is no connection string. Write 'Data Source=ledger.db' for SQLite or 'Host=...;Database=...' for PostgreSQL. (Parameter 'connectionString')")]
    public void A_connection_string_that_names_no_database_is_refused_without_quoting_it(string connectionString, string message)
    {
        var refusal = Assert.Throws<ArgumentException>(() => new DurableLedger(new LedgerOptions { ConnectionString = connectionString }));

        Assert.Equal(message, refusal.Message);
    }
}
