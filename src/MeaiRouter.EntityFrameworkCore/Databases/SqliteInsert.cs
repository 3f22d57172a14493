using System.Data.Common;
using System.Text;
using MeaiRouter.EntityFrameworkCore.Schema;
using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace MeaiRouter.EntityFrameworkCore.Databases;

/// <summary>A prepared statement that inserts rows into SQLite, one after the other.</summary>
/// <remarks>
/// By SQLite's own functions: a command of ADO.NET looks each parameter up by its name again for each row, which takes longer than the row.
/// </remarks>
internal sealed class SqliteInsert<TRow> : IDisposable
{
    private readonly sqlite3 _database;
    private readonly sqlite3_stmt _statement;
    private readonly IReadOnlyList<Column<TRow>> _columns;
    private byte[] _text = new byte[256];

    public SqliteInsert(DbTransaction transaction, string table, IReadOnlyList<Column<TRow>> columns, string conflict)
    {
        _columns = columns;
        _database = ((SqliteConnection)transaction.Connection!).Handle!;
        var sql = $"INSERT INTO {table} ({columns.Names()}) VALUES ({string.Join(", ", columns.Select(static _ => "?"))}) {conflict}";
        Check(raw.sqlite3_prepare_v2(_database, sql, out _statement));
    }

    /// <summary>Inserts a row.</summary>
    /// <returns>How many rows that made: none where one with its key is there already and is to stay.</returns>
    /// <exception cref="SqliteException">The database does not take it.</exception>
    public int Execute(TRow row)
    {
        for (var index = 0; index < _columns.Count; index++)
            Check(Bind(index + 1, _columns[index].Value(row)));
        try
        {
            Check(raw.sqlite3_step(_statement));
            return raw.sqlite3_changes(_database);
        }
        finally
        {
            raw.sqlite3_reset(_statement);
        }
    }

    public void Dispose() => _statement.Dispose();

    private int Bind(int index, object? value) => value switch
    {
        null => raw.sqlite3_bind_null(_statement, index),
        long number => raw.sqlite3_bind_int64(_statement, index, number),
        byte[] utf8 => raw.sqlite3_bind_text(_statement, index, utf8.AsSpan()),
        "" => raw.sqlite3_bind_text(_statement, index, ""), // no bytes at all would be null
        string text => raw.sqlite3_bind_text(_statement, index, Utf8(text)),
        _ => throw new InvalidOperationException($"A column holds a {value.GetType()}."),
    };

    private ReadOnlySpan<byte> Utf8(string text)
    {
        var most = Encoding.UTF8.GetMaxByteCount(text.Length);
        if (most > _text.Length)
            _text = new byte[most];
        return _text.AsSpan(0, Encoding.UTF8.GetBytes(text, _text));
    }

    private void Check(int code) => SqliteException.ThrowExceptionForRC(code, _database);
}
