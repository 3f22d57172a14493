using MeaiRouter.EntityFrameworkCore.Databases;
using MeaiRouter.EntityFrameworkCore.Journal;

namespace MeaiRouter.EntityFrameworkCore;

/// <summary>Where a <see cref="DurableLedger"/> keeps records, and for how long.</summary>
public sealed record LedgerOptions
{
    /// <summary>
    /// The database: <c>Data Source=ledger.db</c> is SQLite, <c>Host=db;Database=ledger;Username=...;Password=...</c> is PostgreSQL. Its tables
    /// are created and brought up to date by themselves.
    /// </summary>
    public required string ConnectionString { get; init; }

    /// <summary>The journal. It must lie on a local disk, and one process has it.</summary>
    /// <value>Default: with SQLite the database's file with <c>.journal.d</c> appended; with PostgreSQL <c>meairouter.journal.d</c> in the working directory.</value>
    public JournalOptions? Journal { get; init; }

    /// <summary>How long records gather before a batch is written to the database; reports do not wait for it.</summary>
    /// <value>Default: 200 ms.</value>
    public TimeSpan ProjectionInterval { get; init; } = TimeSpan.FromMilliseconds(200);

    /// <summary>How many records a batch has at most.</summary>
    /// <value>Default: 2,000.</value>
    public int BatchSize { get; init; } = 2_000;

    /// <summary>How long single requests and their attempts are kept; <see langword="null"/> for ever.</summary>
    /// <value>Default: 90 days.</value>
    public TimeSpan? KeepRecords { get; init; } = TimeSpan.FromDays(90);

    /// <summary>How long sums by the hour are kept; <see langword="null"/> for ever.</summary>
    /// <value>Default: 90 days.</value>
    public TimeSpan? KeepHours { get; init; } = TimeSpan.FromDays(90);

    /// <summary>How long sums by the day are kept; <see langword="null"/> for ever.</summary>
    /// <value>Default: for ever.</value>
    public TimeSpan? KeepDays { get; init; }

    /// <summary>How long closing the ledger waits for the database to take over what is left; the journal keeps the rest for the next start.</summary>
    /// <value>Default: 5 s.</value>
    public TimeSpan ClosingTime { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>Finds out whether a connection string names a database of a known kind, without opening it.</summary>
    /// <param name="connectionString">The connection string.</param>
    /// <exception cref="ArgumentException">It does not; the message says why and quotes nothing of it.</exception>
    public static void Check(string connectionString)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(connectionString);
        if (!ConnectionStrings.IsPostgres(connectionString))
            _ = new SqliteLedgerDatabase(connectionString);
    }

    internal void Validate()
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(ConnectionString);
        ArgumentOutOfRangeException.ThrowIfLessThan(ProjectionInterval, TimeSpan.Zero);
        ArgumentOutOfRangeException.ThrowIfLessThan(BatchSize, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(BatchSize, 100_000);
        ArgumentOutOfRangeException.ThrowIfLessThan(ClosingTime, TimeSpan.Zero);
        foreach (var keep in (TimeSpan?[])[KeepRecords, KeepHours, KeepDays])
            ArgumentOutOfRangeException.ThrowIfLessThan(keep ?? TimeSpan.MaxValue, TimeSpan.Zero);
    }

    internal JournalOptions JournalFor(LedgerDatabase database) => Journal ?? new JournalOptions
    {
        Directory = database is SqliteLedgerDatabase sqlite ? sqlite.Path + ".journal.d" : "meairouter.journal.d",
    };
}
