namespace MeaiRouter.EntityFrameworkCore.Schema;

/// <summary>Where the databases' SQL differs.</summary>
/// <param name="JsonType">The type of a JSON document.</param>
/// <param name="WithoutRowId">What makes a table's primary key its only tree.</param>
internal sealed record SqlDialect(string JsonType, string WithoutRowId)
{
    public static SqlDialect Sqlite { get; } = new("text", " WITHOUT ROWID");

    public static SqlDialect Postgres { get; } = new("jsonb", "");
}
