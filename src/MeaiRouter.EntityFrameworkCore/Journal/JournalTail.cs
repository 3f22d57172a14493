using Microsoft.Win32.SafeHandles;

namespace MeaiRouter.EntityFrameworkCore.Journal;

/// <summary>The end of the newest segment as it was found.</summary>
/// <param name="End">The end of the last whole record.</param>
/// <param name="BytesBehind">Bytes behind it: what a killed process or a lost disk left of an unfinished write.</param>
internal readonly record struct JournalTail(JournalPosition End, long BytesBehind)
{
    /// <summary>Reads a segment from its beginning to the last whole record.</summary>
    public static JournalTail Find(SafeFileHandle file, string path, long segment)
    {
        var length = RandomAccess.GetLength(file);
        var record = new byte[64 << 10];

        if (length < JournalFormat.SegmentHeader)
            return new JournalTail(new JournalPosition(segment, segment, 0), length);

        RandomAccess.Read(file, record.AsSpan(0, JournalFormat.SegmentHeader), 0);
        if (!JournalFormat.IsSegmentHeader(record, segment))
            throw new JournalCorruptException(path, 0, "it does not begin as a segment of a journal does.");

        var sequence = segment;
        long offset = JournalFormat.SegmentHeader;
        while (Whole(file, ref record, offset, length - offset, sequence) is { } size)
        {
            offset += size;
            sequence++;
        }

        return new JournalTail(new JournalPosition(sequence, segment, offset), length - offset);
    }

    private static int? Whole(SafeFileHandle file, ref byte[] record, long offset, long available, long sequence)
    {
        if (available < JournalFormat.RecordHeader)
            return null;

        var read = RandomAccess.Read(file, record, offset);
        var payload = JournalFormat.PayloadLength(record);
        var size = JournalFormat.RecordHeader + (long)payload;
        if (payload is <= 0 or > JournalFormat.MaxPayload || size > available)
            return null;

        if (size > read)
        {
            if (record.Length < size)
                record = new byte[size];
            RandomAccess.Read(file, record.AsSpan(0, (int)size), offset);
        }

        return JournalFormat.IsWhole(record.AsSpan(0, (int)size), sequence) ? (int)size : null;
    }
}
