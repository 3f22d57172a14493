namespace MeaiRouter.EntityFrameworkCore.Schema;

/// <summary>A column as it is written.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Kind">What it holds.</param>
/// <param name="Value">Its value in a row: a text, a <see cref="long"/>, or the bytes of JSON; <see langword="null"/> for none.</param>
internal sealed record Column<TRow>(string Name, ColumnKind Kind, Func<TRow, object?> Value);

internal enum ColumnKind
{
    Text,
    Integer,
    Json,
}
