using Microsoft.Win32.SafeHandles;

namespace MeaiRouter.EntityFrameworkCore.Journal;

/// <summary>Reads a journal record by record, in bounded memory, while others write to it.</summary>
internal sealed class JournalReader(JournalSegments segments, JournalPosition from) : IDisposable
{
    private SafeFileHandle? _file;
    private byte[] _buffer = new byte[256 << 10];
    private long _bufferOffset;
    private int _buffered;

    public JournalPosition Position { get; private set; } = from;

    /// <summary>Reads the next record before a position.</summary>
    /// <param name="until">Where to stop: at most the journal's end.</param>
    /// <param name="record">The record, valid until the next call.</param>
    /// <exception cref="JournalCorruptException">The bytes are not what was written.</exception>
    public bool TryRead(JournalPosition until, out ReadOnlyMemory<byte> record)
    {
        record = default;
        if (Position.Sequence >= until.Sequence)
            return false;

        EnterSegment();
        var header = Bytes(JournalFormat.RecordHeader);
        if (header.Length < JournalFormat.RecordHeader)
            throw Corrupt("the file ends before its records do.");

        var payload = JournalFormat.PayloadLength(header.Span);
        if (payload is <= 0 or > JournalFormat.MaxPayload)
            throw Corrupt($"a record cannot have {payload} bytes.");

        var whole = Bytes(JournalFormat.RecordHeader + payload);
        if (whole.Length < JournalFormat.RecordHeader + payload || !JournalFormat.IsWhole(whole.Span, Position.Sequence))
            throw Corrupt("the checksum of a record does not match.");

        Position = Position with { Sequence = Position.Sequence + 1, Offset = Position.Offset + whole.Length };
        record = whole[JournalFormat.RecordHeader..];
        return true;
    }

    /// <summary>When the next record was written.</summary>
    public DateTimeOffset NextWrittenAt()
    {
        EnterSegment();
        var header = Bytes(JournalFormat.RecordHeader);
        return header.Length < JournalFormat.RecordHeader
            ? throw Corrupt("the file ends before its records do.")
            : DateTimeOffset.FromUnixTimeMilliseconds(JournalFormat.UnixMilliseconds(header.Span));
    }

    public void Dispose() => _file?.Dispose();

    private void EnterSegment()
    {
        if (segments.After(Position.Segment) is { } next && Position.Sequence >= next)
        {
            Position = new JournalPosition(next, next, JournalFormat.SegmentHeader);
            _file?.Dispose();
            _file = null;
        }

        if (_file is not null)
            return;

        _file = File.OpenHandle(segments.PathOf(Position.Segment), FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        _buffered = 0;
    }

    private ReadOnlyMemory<byte> Bytes(int count)
    {
        var start = Position.Offset - _bufferOffset;
        if (_buffered == 0 || start < 0 || start + count > _buffered)
        {
            if (_buffer.Length < count)
                _buffer = new byte[count];
            _bufferOffset = Position.Offset;
            _buffered = RandomAccess.Read(_file!, _buffer, _bufferOffset);
            start = 0;
        }

        return _buffer.AsMemory((int)start, Math.Min(count, _buffered - (int)start));
    }

    private JournalCorruptException Corrupt(string reason) => new(segments.PathOf(Position.Segment), Position.Offset, reason);
}
