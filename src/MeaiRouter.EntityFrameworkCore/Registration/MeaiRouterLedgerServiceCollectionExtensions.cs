using MeaiRouter.Costs;
using MeaiRouter.Costs.Reports;
using MeaiRouter.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Registers a ledger that survives the process.</summary>
public static class MeaiRouterLedgerServiceCollectionExtensions
{
    /// <summary>Registers a <see cref="DurableLedger"/> in the database that a connection string names.</summary>
    /// <param name="services">The services.</param>
    /// <param name="connectionString"><c>Data Source=ledger.db</c> for SQLite, <c>Host=...;Database=...</c> for PostgreSQL.</param>
    /// <inheritdoc cref="AddMeaiRouterLedger(IServiceCollection, LedgerOptions)"/>
    public static IServiceCollection AddMeaiRouterLedger(this IServiceCollection services, string connectionString) =>
        services.AddMeaiRouterLedger(new LedgerOptions { ConnectionString = connectionString });

    /// <summary>Registers a <see cref="DurableLedger"/>, also as <see cref="ILedger"/> in place of any other, and its <see cref="ILedgerReports"/>.</summary>
    /// <remarks>It is opened when the host starts, so that a journal in use stops the start and not the first request; a database that is down does not.</remarks>
    /// <param name="services">The services.</param>
    /// <param name="options">Where and for how long records are kept.</param>
    /// <returns>The services.</returns>
    /// <exception cref="ArgumentException">An option cannot be used.</exception>
    public static IServiceCollection AddMeaiRouterLedger(this IServiceCollection services, LedgerOptions options)
    {
        ArgumentNullException.ThrowIfNull(services);
        ArgumentNullException.ThrowIfNull(options);
        options.Validate();

        services.AddSingleton(provider => new DurableLedger(options, provider.GetService<TimeProvider>(), provider.GetService<ILoggerFactory>()));
        services.Replace(ServiceDescriptor.Singleton<ILedger>(provider => provider.GetRequiredService<DurableLedger>()));
        services.Replace(ServiceDescriptor.Singleton(provider => provider.GetRequiredService<DurableLedger>().Reports));
        services.AddSingleton<IHostedService>(provider => new OpenedLedger(provider));
        return services;
    }

    private sealed class OpenedLedger(IServiceProvider services) : IHostedService
    {
        public Task StartAsync(CancellationToken cancellationToken)
        {
            services.GetRequiredService<DurableLedger>();
            return Task.CompletedTask;
        }

        // Closed with the services, after the last request has been recorded.
        public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    }
}
