using System.Data.Common;
using System.Text;
using MeaiRouter.EntityFrameworkCore.Schema;
using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace MeaiRouter.EntityFrameworkCore.Databases;

/// <summary>A prepared statement that inserts rows into SQLite, one after the other.</summary>
/// <remarks>
/// By SQLite's own functions: a command of ADO.NET looks each parameter up by its name again for each row, which takes longer than the row. What is bound
/// outlasts the row, so that only what differs from the row before is bound anew: most counts are 0, and most names those of the last request.
/// </remarks>
internal sealed class SqliteInsert<TRow> : IDisposable
{
    private readonly sqlite3 _database;
    private readonly sqlite3_stmt _statement;
    private readonly Column<TRow>[] _columns;
    private readonly long?[] _integers;
    private readonly string?[] _texts;
    private byte[] _utf8 = new byte[256];

    public SqliteInsert(DbTransaction transaction, string table, IReadOnlyList<Column<TRow>> columns, string conflict)
    {
        _columns = [.. columns];
        _integers = new long?[_columns.Length];
        _texts = new string?[_columns.Length];
        _database = ((SqliteConnection)transaction.Connection!).Handle!;
        var sql = $"INSERT INTO {table} ({columns.Names()}) VALUES ({string.Join(", ", columns.Select(static _ => "?"))}) {conflict}";
        Check(raw.sqlite3_prepare_v2(_database, sql, out _statement));
    }

    /// <summary>Inserts a row.</summary>
    /// <returns>How many rows that made: none where one with its key is there already and is to stay.</returns>
    /// <exception cref="SqliteException">The database does not take it.</exception>
    public int Execute(TRow row)
    {
        for (var index = 0; index < _columns.Length; index++)
        {
            var column = _columns[index];
            if (column.Integer is { } integer)
                Bind(index, integer(row));
            else if (column.Text is { } text)
                Bind(index, text(row));
            else
                Check(raw.sqlite3_bind_text(_statement, index + 1, column.Json!(row).AsSpan()));
        }

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

    private void Bind(int index, long? value)
    {
        if (_integers[index] == value)
            return;

        Check(value is { } number ? raw.sqlite3_bind_int64(_statement, index + 1, number) : raw.sqlite3_bind_null(_statement, index + 1));
        _integers[index] = value;
    }

    private void Bind(int index, string? value)
    {
        if (_texts[index] == value)
            return;

        Check(value switch
        {
            null => raw.sqlite3_bind_null(_statement, index + 1),
            "" => raw.sqlite3_bind_text(_statement, index + 1, ""), // no bytes at all would be null
            _ => raw.sqlite3_bind_text(_statement, index + 1, Utf8(value)),
        });
        _texts[index] = value;
    }

    private ReadOnlySpan<byte> Utf8(string text)
    {
        var most = Encoding.UTF8.GetMaxByteCount(text.Length);
        if (most > _utf8.Length)
            _utf8 = new byte[most];
        return _utf8.AsSpan(0, Encoding.UTF8.GetBytes(text, _utf8));
    }

    private void Check(int code) => SqliteException.ThrowExceptionForRC(code, _database);
}
