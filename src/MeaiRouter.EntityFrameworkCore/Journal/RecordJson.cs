using System.Text.Json;
using MeaiRouter.Costs;

namespace MeaiRouter.EntityFrameworkCore.Journal;

/// <summary>
/// A record as JSON: what the journal holds and what the table of requests keeps whole. Names are in camel case, what has its default is left out,
/// enums are their names, and money is the whole number of nano-dollars.
/// </summary>
/// <remarks>
/// Written by hand, because every request pays for it twice: a serializer boxes each value of a record to hand it to <c>init</c>, and looks each property up by its
/// name. A property that a record gains is to be added to <see cref="RecordWriter"/> and <see cref="RecordReader"/>; a test fails until it is. One that an older
/// record lacks has its default.
/// </remarks>
internal static class RecordJson
{
    public static void Write(Utf8JsonWriter json, GenerationRecord record) => RecordWriter.Write(json, record);

    /// <summary>Reads a record, its properties in any order; <see langword="null"/> if the JSON is.</summary>
    /// <exception cref="JsonException">It is no record.</exception>
    public static GenerationRecord? Read(ReadOnlySpan<byte> utf8Json)
    {
        var json = new Utf8JsonReader(utf8Json);
        try
        {
            json.Read();
            var record = json.TokenType == JsonTokenType.Null ? null : RecordReader.Read(ref json);

            // Nothing may follow: this throws if something does.
            json.Read();
            return record;
        }
        catch (Exception exception) when (exception is InvalidOperationException or FormatException)
        {
            throw new JsonException($"A value is of another kind than a record has there: {exception.Message}", exception);
        }
    }
}
