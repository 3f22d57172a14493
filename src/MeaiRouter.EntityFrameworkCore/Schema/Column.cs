namespace MeaiRouter.EntityFrameworkCore.Schema;

/// <summary>A column as it is written. Each kind of value has a way of its own to be read, so that no number is boxed for each row.</summary>
/// <param name="Name">Its name.</param>
internal sealed record Column<TRow>(string Name)
{
    /// <summary>Reads a number; <see langword="null"/> if the column holds something else.</summary>
    public Func<TRow, long?>? Integer { get; init; }

    /// <summary>Reads a text; <see langword="null"/> if the column holds something else.</summary>
    public Func<TRow, string?>? Text { get; init; }

    /// <summary>Reads JSON as UTF-8; <see langword="null"/> if the column holds something else.</summary>
    public Func<TRow, byte[]>? Json { get; init; }
}
