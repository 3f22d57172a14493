using System.Reflection;
using Xunit.Sdk;

namespace MeaiRouter.EntityFrameworkCore.Tests.Running;

/// <summary>Runs a test against SQLite.</summary>
internal sealed class SqliteAttribute : DataAttribute
{
    public override IEnumerable<object[]> GetData(MethodInfo testMethod) => [[Database.Sqlite]];
}

/// <summary>Runs a test against a real PostgreSQL; skipped, and said so, where there is none.</summary>
internal sealed class PostgresAttribute : DataAttribute
{
    public PostgresAttribute() => Skip = PostgresServer.WhyNot;

    public override IEnumerable<object[]> GetData(MethodInfo testMethod) => [[Database.Postgres]];
}

/// <summary>Which database a test runs against.</summary>
public enum Database
{
    Sqlite,
    Postgres,
}
