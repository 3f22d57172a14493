using System.Text.Json;

namespace MeaiRouter.Catalog;

/// <summary>Opens a catalogue file.</summary>
internal static class CatalogFile
{
    // Files from editors on Windows start with a byte order mark, which System.Text.Json refuses.
    private static ReadOnlySpan<byte> ByteOrderMark => [0xEF, 0xBB, 0xBF];

    /// <exception cref="CatalogImportException">The file is too large, not JSON, or not an object.</exception>
    public static JsonDocument Open(ReadOnlyMemory<byte> json, CatalogImportOptions options)
    {
        if (json.Length > options.MaxBytes)
            throw new CatalogImportException($"The file has {json.Length} bytes, more than the {options.MaxBytes} allowed.");

        JsonDocument document;
        try
        {
            document = JsonDocument.Parse(json.Span.StartsWith(ByteOrderMark) ? json[ByteOrderMark.Length..] : json);
        }
        catch (JsonException exception)
        {
            throw new CatalogImportException(
                $"The file is not JSON: line {exception.LineNumber + 1}, byte {exception.BytePositionInLine}.", null, exception);
        }

        if (document.RootElement.ValueKind == JsonValueKind.Object)
            return document;

        document.Dispose();
        throw new CatalogImportException("The file is JSON, but not an object.");
    }
}
