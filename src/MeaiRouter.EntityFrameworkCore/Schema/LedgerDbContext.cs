using Microsoft.EntityFrameworkCore;

namespace MeaiRouter.EntityFrameworkCore.Schema;

/// <summary>The ledger's tables for queries in LINQ, over whichever provider of Entity Framework the application uses.</summary>
/// <remarks>
/// To read, not to write: the ledger itself writes past Entity Framework, creates the tables and brings them up to date, and sums would not follow
/// a change made here. Moments are Unix milliseconds, durations microseconds, money nano-dollars.
/// </remarks>
/// <param name="options">The provider and the connection, such as <c>new DbContextOptionsBuilder&lt;LedgerDbContext&gt;().UseNpgsql(...).Options</c>.</param>
public sealed class LedgerDbContext(DbContextOptions<LedgerDbContext> options) : DbContext(options)
{
    /// <summary>The requests.</summary>
    public IQueryable<RequestEntity> Requests => Set<RequestEntity>().AsNoTracking();

    /// <summary>Their attempts.</summary>
    public IQueryable<AttemptEntity> Attempts => Set<AttemptEntity>().AsNoTracking();

    /// <inheritdoc/>
    protected override void OnModelCreating(ModelBuilder modelBuilder)
    {
        ArgumentNullException.ThrowIfNull(modelBuilder);

        modelBuilder.Entity<RequestEntity>(request =>
        {
            request.ToTable(Tables.Requests).HasKey(row => row.Id);
            request.Property(row => row.Id).HasColumnName("id");
            request.Property(row => row.CreatedAt).HasColumnName("created_at");
            request.Property(row => row.RequestedModel).HasColumnName("requested_model");
            request.Property(row => row.ServedModel).HasColumnName("served_model");
            request.Property(row => row.KeyName).HasColumnName("key_name");
            request.Property(row => row.UserName).HasColumnName("user_name");
            request.Property(row => row.Outcome).HasColumnName("outcome");
            request.Property(row => row.FinishReason).HasColumnName("finish_reason");
            request.Property(row => row.CostNanoUsd).HasColumnName("cost_nano_usd");
        });

        modelBuilder.Entity<AttemptEntity>(attempt =>
        {
            attempt.ToTable(Tables.Attempts).HasKey(row => new { row.RequestId, row.Number });
            attempt.Property(row => row.RequestId).HasColumnName("request_id");
            attempt.Property(row => row.Number).HasColumnName("number");
            attempt.Property(row => row.StartedAt).HasColumnName("started_at");
            attempt.Property(row => row.Model).HasColumnName("model");
            attempt.Property(row => row.Provider).HasColumnName("provider");
            attempt.Property(row => row.Endpoint).HasColumnName("endpoint");
            attempt.Property(row => row.Outcome).HasColumnName("outcome");
            attempt.Property(row => row.Failure).HasColumnName("failure");
            attempt.Property(row => row.DurationMicroseconds).HasColumnName("duration_us");
            attempt.Property(row => row.CostNanoUsd).HasColumnName("cost_nano_usd");
        });
    }
}
