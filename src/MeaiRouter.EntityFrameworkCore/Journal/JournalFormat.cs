using System.Buffers.Binary;
using System.Globalization;
using System.Numerics;
using System.Runtime.InteropServices;

namespace MeaiRouter.EntityFrameworkCore.Journal;

/// <summary>
/// The bytes of a journal. A segment: magic, version, sequence of its first record; then records. A record: length of the payload, CRC-32C,
/// Unix time in milliseconds, payload. Everything is little-endian.
/// </summary>
internal static class JournalFormat
{
    public const int SegmentHeader = 16;
    public const int RecordHeader = 16;

    // A record is a few hundred bytes; a length beyond this is damage, and must not become an allocation.
    public const int MaxPayload = 4 << 20;

    private const uint Magic = 0x4C4A524D; // "MRJL"
    private const uint Version = 1;
    private const string Extension = ".segment";

    public static string SegmentName(long firstSequence) => firstSequence.ToString("D19", CultureInfo.InvariantCulture) + Extension;

    /// <summary>The segments in a directory, by the sequence of their first record, in order.</summary>
    public static List<long> SegmentsIn(string directory)
    {
        var segments = new List<long>();
        foreach (var file in Directory.EnumerateFiles(directory, "*" + Extension))
        {
            if (long.TryParse(Path.GetFileNameWithoutExtension(file), NumberStyles.None, CultureInfo.InvariantCulture, out var first))
                segments.Add(first);
        }

        segments.Sort();
        return segments;
    }

    public static void WriteSegmentHeader(Span<byte> destination, long firstSequence)
    {
        BinaryPrimitives.WriteUInt32LittleEndian(destination, Magic);
        BinaryPrimitives.WriteUInt32LittleEndian(destination[4..], Version);
        BinaryPrimitives.WriteInt64LittleEndian(destination[8..], firstSequence);
    }

    public static bool IsSegmentHeader(ReadOnlySpan<byte> header, long firstSequence) =>
        BinaryPrimitives.ReadUInt32LittleEndian(header) == Magic
        && BinaryPrimitives.ReadUInt32LittleEndian(header[4..]) == Version
        && BinaryPrimitives.ReadInt64LittleEndian(header[8..]) == firstSequence;

    /// <summary>Fills in the header of a record whose payload already stands behind it.</summary>
    public static void WriteRecordHeader(Span<byte> record, long sequence, long unixMilliseconds)
    {
        BinaryPrimitives.WriteInt32LittleEndian(record, record.Length - RecordHeader);
        BinaryPrimitives.WriteInt64LittleEndian(record[8..], unixMilliseconds);
        BinaryPrimitives.WriteUInt32LittleEndian(record[4..], Checksum(record[8..], sequence));
    }

    public static int PayloadLength(ReadOnlySpan<byte> header) => BinaryPrimitives.ReadInt32LittleEndian(header);

    public static long UnixMilliseconds(ReadOnlySpan<byte> header) => BinaryPrimitives.ReadInt64LittleEndian(header[8..]);

    public static bool IsWhole(ReadOnlySpan<byte> record, long sequence) =>
        BinaryPrimitives.ReadUInt32LittleEndian(record[4..]) == Checksum(record[8..], sequence);

    // Seeded with the sequence: a record left over from another life of the disk block does not pass. Zeros do not pass either.
    private static uint Checksum(ReadOnlySpan<byte> bytes, long sequence)
    {
        var crc = BitOperations.Crc32C(uint.MaxValue, (ulong)sequence);
        crc = BitOperations.Crc32C(crc, (uint)bytes.Length);

        var words = MemoryMarshal.Cast<byte, ulong>(bytes);
        foreach (var word in words)
            crc = BitOperations.Crc32C(crc, word);
        foreach (var rest in bytes[(words.Length * sizeof(ulong))..])
            crc = BitOperations.Crc32C(crc, rest);
        return ~crc;
    }
}
