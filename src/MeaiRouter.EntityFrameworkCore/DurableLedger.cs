using System.Diagnostics.Metrics;
using MeaiRouter.Costs;
using MeaiRouter.Costs.Reports;
using MeaiRouter.Diagnostics;
using MeaiRouter.EntityFrameworkCore.Databases;
using MeaiRouter.EntityFrameworkCore.Journal;
using MeaiRouter.EntityFrameworkCore.Projection;
using MeaiRouter.EntityFrameworkCore.Reports;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace MeaiRouter.EntityFrameworkCore;

/// <summary>A ledger that loses nothing: records go to a journal on local disk, and from there, exactly once, to SQLite or PostgreSQL.</summary>
/// <remarks>
/// An append never waits for the database, and works while it is down, or has not started yet. Reports count a record from the moment its append
/// has completed, unless the database is very far behind; then they say by how much.
/// </remarks>
public sealed class DurableLedger : ILedger, IAsyncDisposable
{
    private readonly LedgerDatabase _database;
    private readonly LedgerProjector _projector;
    private readonly LedgerOptions _options;
    private readonly TimeProvider _time;
    private readonly CancellationTokenSource _stop = new();
    private readonly Task _running;

    // Its own, so that its instruments end with it.
    private readonly Meter _meter = new(TelemetryNames.Meter);
    private bool _isDisposed;

    /// <summary>Opens the journal and begins to take its records over to the database.</summary>
    /// <param name="options">Where and for how long records are kept.</param>
    /// <param name="timeProvider">The clock; <see langword="null"/> for the system's.</param>
    /// <param name="loggerFactory">Where to log; <see langword="null"/> logs nothing.</param>
    /// <exception cref="ArgumentException">An option cannot be used.</exception>
    /// <exception cref="JournalInUseException">Another process has the journal open.</exception>
    public DurableLedger(LedgerOptions options, TimeProvider? timeProvider = null, ILoggerFactory? loggerFactory = null)
    {
        ArgumentNullException.ThrowIfNull(options);
        options.Validate();

        var loggers = loggerFactory ?? NullLoggerFactory.Instance;
        var logger = loggers.CreateLogger<DurableLedger>();
        _time = timeProvider ?? TimeProvider.System;
        _options = options;
        _database = ConnectionStrings.Open(options.ConnectionString);
        Journal = LedgerJournal.Open(options.JournalFor(_database), _time, loggers.CreateLogger<LedgerJournal>());
        _projector = new LedgerProjector(Journal, _database, options, _time, logger);
        Retention = new LedgerRetention(_database, options, _time, logger);
        Reports = new LedgerReports(Journal, _database);
        _running = Task.WhenAll(
            Task.Run(() => _projector.RunAsync(_stop.Token)),
            Task.Run(() => Retention.RunAsync(_stop.Token)));
        _meter.CreateObservableGauge(TelemetryNames.LedgerWaiting, () => Lag.Records, "{record}", "Records in the journal that the database does not have yet.");
        _meter.CreateObservableGauge(TelemetryNames.LedgerAge, () => Lag.Age.TotalSeconds, "s", "How long the oldest of these records has been waiting.");
    }

    /// <summary>The journal.</summary>
    public LedgerJournal Journal { get; }

    /// <summary>What was spent, by whom, where, on what.</summary>
    public ILedgerReports Reports { get; }

    /// <summary>How far the database is behind the journal; for health checks.</summary>
    public LedgerLag Lag => _projector.Lag;

    internal LedgerRetention Retention { get; }

    /// <inheritdoc/>
    /// <exception cref="LedgerWriteException">The record could not be written, and the journal's options say to refuse.</exception>
    public ValueTask AppendAsync(GenerationRecord record, CancellationToken cancellationToken = default) => Journal.AppendAsync(record, cancellationToken);

    /// <summary>Waits until everything that has been appended until now is in the database.</summary>
    /// <param name="cancellationToken">Gives up waiting.</param>
    public Task CatchUpAsync(CancellationToken cancellationToken = default) => _projector.CatchUpAsync(cancellationToken);

    /// <summary>Takes over what is left, for as long as <see cref="LedgerOptions.ClosingTime"/> allows, and closes.</summary>
    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _isDisposed, true))
            return;

        await CatchUpInTimeAsync().ConfigureAwait(false);
        _meter.Dispose();
        await _stop.CancelAsync().ConfigureAwait(false);
        await _running.ConfigureAwait(false);
        await Journal.DisposeAsync().ConfigureAwait(false);
        await _database.DisposeAsync().ConfigureAwait(false);
        _stop.Dispose();
    }

    private async Task CatchUpInTimeAsync()
    {
        using var limit = new CancellationTokenSource(_options.ClosingTime, _time);
        try
        {
            await _projector.CatchUpAsync(limit.Token).ConfigureAwait(false);
        }
        catch (Exception exception) when (exception is OperationCanceledException or IOException)
        {
            // The journal keeps what is left.
        }
    }
}
