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
        var buffer = new byte[256 << 10];
        var read = RandomAccess.Read(file, buffer, 0);
        if (length < JournalFormat.SegmentHeader)
            return new JournalTail(new JournalPosition(segment, segment, 0), length);
        if (!JournalFormat.IsSegmentHeader(buffer, segment))
            throw new JournalCorruptException(path, 0, "it does not begin as a segment of a journal does.");

        var sequence = segment;
        long offset = JournalFormat.SegmentHeader;
        var start = JournalFormat.SegmentHeader;
        while (true)
        {
            var ahead = buffer.AsSpan(start, read - start);
            var size = Size(ahead);
            if (size <= ahead.Length && JournalFormat.IsWhole(ahead[..size.Value], sequence))
            {
                offset += size.Value;
                start += size.Value;
                sequence++;
                continue;
            }

            // A record that is cut off may go on beyond the buffer. If it does not, here is the end.
            if (ahead.Length < (size ?? JournalFormat.RecordHeader))
            {
                if (size > buffer.Length)
                    buffer = new byte[size.Value];
                (start, read) = (0, RandomAccess.Read(file, buffer, offset));
                if (read > ahead.Length)
                    continue;
            }

            return new JournalTail(new JournalPosition(sequence, segment, offset), length - offset);
        }
    }

    /// <summary>The size of the record that begins here; <see langword="null"/> if none does.</summary>
    private static int? Size(ReadOnlySpan<byte> bytes) =>
        bytes.Length >= JournalFormat.RecordHeader && JournalFormat.PayloadLength(bytes) is > 0 and <= JournalFormat.MaxPayload and var payload
            ? JournalFormat.RecordHeader + payload
            : null;
}
