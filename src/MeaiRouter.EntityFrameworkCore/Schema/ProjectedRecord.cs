using System.Text;
using System.Text.Json;
using System.Text.Unicode;
using MeaiRouter.Costs;
using MeaiRouter.EntityFrameworkCore.Journal;

namespace MeaiRouter.EntityFrameworkCore.Schema;

/// <summary>A record on its way from the journal to the database.</summary>
/// <param name="Sequence">Its place in the journal.</param>
/// <param name="Utf8Json">As the journal holds it, as UTF-8.</param>
/// <param name="Record">The record; <see langword="null"/> if it cannot be read, which must not hold up those behind it.</param>
/// <param name="Error">Why it cannot be read.</param>
internal sealed record ProjectedRecord(long Sequence, byte[] Utf8Json, GenerationRecord? Record, string? Error)
{
    /// <summary>The record as one that cannot be taken over.</summary>
    public ProjectedRecord Refused(string error) => this with { Record = null, Error = error };

    /// <summary>As the journal holds it.</summary>
    public string Json => Encoding.UTF8.GetString(Utf8Json);

    public static ProjectedRecord Read(long sequence, ReadOnlySpan<byte> payload)
    {
        // PostgreSQL's text holds no NUL. A caller who tags a request with one must not stop the ledger.
        var json = payload.IndexOf("\\u0000"u8) < 0 && Utf8.IsValid(payload)
            ? payload.ToArray()
            : Encoding.UTF8.GetBytes(Encoding.UTF8.GetString(payload).Replace("\\u0000", "\\uFFFD", StringComparison.Ordinal));
        try
        {
            var record = RecordJson.Read(json);
            return new ProjectedRecord(sequence, json, record, record is null ? "It is null." : null);
        }
        catch (JsonException exception)
        {
            return new ProjectedRecord(sequence, json, null, exception.Message);
        }
    }
}
