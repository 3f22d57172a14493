using MeaiRouter.EntityFrameworkCore.Databases;
using MeaiRouter.EntityFrameworkCore.Journal;

namespace MeaiRouter.EntityFrameworkCore.Tests.Running;

/// <summary>A directory, a database and the ledgers a test opens over them.</summary>
internal sealed class TestLedger : IDisposable
{
    private readonly TemporaryDirectory _directory = new();

    public TestLedger(Database database)
    {
        Options = new LedgerOptions
        {
            ConnectionString = database == Database.Sqlite ? $"Data Source={_directory["ledger.db"]};Pooling=False" : PostgresServer.Shared.NewDatabase(),
            Journal = new JournalOptions { Directory = _directory["journal"], FlushInterval = TimeSpan.FromMilliseconds(1) },
            ProjectionInterval = TimeSpan.FromMilliseconds(1),
            KeepRecords = null,
            KeepHours = null,
        };
    }

    public LedgerOptions Options { get; set; }

    public DurableLedger Open(TimeProvider? time = null) => new(Options, time);

    /// <summary>What a query finds in the database.</summary>
    public async Task<List<object[]>> QueryAsync(string sql)
    {
        await using var database = ConnectionStrings.Open(Options.ConnectionString);
        await using var connection = await database.OpenAsync(default);
        await using var command = connection.CreateCommand();
        command.CommandText = sql;
        await using var reader = await command.ExecuteReaderAsync();
        var rows = new List<object[]>();
        while (await reader.ReadAsync())
        {
            var row = new object[reader.FieldCount];
            reader.GetValues(row);
            rows.Add(row);
        }

        return rows;
    }

    public async Task<long> CountAsync(string sql) => Convert.ToInt64((await QueryAsync(sql))[0][0], System.Globalization.CultureInfo.InvariantCulture);

    public void Dispose() => _directory.Dispose();
}
