using MeaiRouter.Gateway.Errors;
using MeaiRouter.Gateway.ProviderKeys;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace MeaiRouter.Gateway.Accounts;

/// <summary>
/// Learns keys, and what was spent under every budget, before the first request is admitted, and looks behind for keys that changed and for what had to wait.
/// While a database that should tell is down at the start, requests are asked to come back: a budget that begins at zero again would not be one.
/// </summary>
internal sealed class AccountsStart(KeyAccounts accounts, OwnedKeys owned, AccountReports reports, TimeProvider time, ILogger<AccountsStart> logger) : IHostedService, IAsyncDisposable
{
    private static readonly TimeSpan FirstAttempt = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan BetweenAttempts = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan BetweenLooks = TimeSpan.FromSeconds(5);

    private readonly CancellationTokenSource _stop = new();
    private Task _running = Task.CompletedTask;
    private volatile bool _isFailing;
    private volatile bool _isReady;

    /// <summary>Whether requests can be admitted.</summary>
    public bool IsReady => _isReady;

    /// <summary>Whether the database could not be read the last time it was asked.</summary>
    public bool IsFailing => _isFailing;

    /// <exception cref="GatewayException">Requests cannot be admitted yet.</exception>
    public void RefuseUnlessReady()
    {
        if (!_isReady)
            throw GatewayException.Unavailable("The gateway is reading keys and budgets from its database. Try again.");
    }

    public async Task StartAsync(CancellationToken cancellationToken)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(FirstAttempt);
        await LookAsync(limit.Token);
        cancellationToken.ThrowIfCancellationRequested();
        _running = Task.Run(RunAsync, CancellationToken.None);
    }

    public async Task StopAsync(CancellationToken cancellationToken)
    {
        await _stop.CancelAsync();
        await _running;
    }

    public async ValueTask DisposeAsync()
    {
        if (_stop.IsCancellationRequested)
            return;
        await StopAsync(CancellationToken.None);
        _stop.Dispose();
    }

    private async Task RunAsync()
    {
        try
        {
            // Without a database of keys too: what a changed configuration brings may have to wait for the ledger.
            while (true)
            {
                await Task.Delay(_isReady ? BetweenLooks : BetweenAttempts, time, _stop.Token);
                await LookAsync(_stop.Token);
            }
        }
        catch (OperationCanceledException) when (_stop.IsCancellationRequested)
        {
            // The host stops.
        }
    }

    private async Task LookAsync(CancellationToken cancellationToken)
    {
        try
        {
            var isComplete = await accounts.RefreshAsync(anew: !_isReady, cancellationToken);
            await owned.RefreshAsync(cancellationToken);
            if (!isComplete && reports.IsDurable && !_isReady)
                throw new InvalidOperationException("The database is still taking over records of the ledger.");

            _isReady = true;
            if (_isFailing)
                AccountLog.Readable(logger);
            _isFailing = false;
        }
        catch (Exception exception) when (!_stop.IsCancellationRequested)
        {
            // Only what kind of failure it is: the message may name the server, or quote what it was sent.
            if (!_isFailing)
                AccountLog.Unreadable(logger, (exception.InnerException ?? exception).GetType().Name);
            _isFailing = true;
        }
    }
}
