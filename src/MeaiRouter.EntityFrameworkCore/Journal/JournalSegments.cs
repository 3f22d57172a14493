using Microsoft.Win32.SafeHandles;

namespace MeaiRouter.EntityFrameworkCore.Journal;

/// <summary>The files of a journal. One thread at a time writes; reading positions and flushing are safe beside it.</summary>
internal sealed class JournalSegments : IDisposable
{
    // More than most records.
    private const int ProbeBytes = 16 << 10;

    private readonly JournalOptions _options;
    private readonly JournalFiles _files;
    private readonly Lock _lock = new();
    private readonly Lock _probing = new();
    private readonly List<long> _segments;
    private SafeFileHandle _file;
    private JournalPosition _end;
    private JournalPosition _flushed;
    private bool _hasRemainder;

    public JournalSegments(JournalOptions options, JournalFiles files)
    {
        _options = options;
        _files = files;
        _segments = JournalFormat.SegmentsIn(options.Directory);
        if (_segments.Count == 0)
            _segments.Add(0);

        var newest = _segments[^1];
        _file = files.Open(PathOf(newest));
        try
        {
            var tail = JournalTail.Find(_file, PathOf(newest), newest);
            BytesCut = tail.BytesBehind;
            CutAt = $"{PathOf(newest)} at byte {tail.End.Offset}";
            _end = tail.End;
            if (tail.BytesBehind > 0)
                files.SetLength(_file, tail.End.Offset);
            if (tail.End.Offset == 0)
                Begin(_file, newest);
            files.Flush(_file);
            _flushed = _end;
        }
        catch
        {
            _file.Dispose();
            throw;
        }
    }

    /// <summary>Bytes of an unfinished record that were cut off when the journal was opened.</summary>
    public long BytesCut { get; }

    public string CutAt { get; }

    public JournalPosition Start
    {
        get
        {
            lock (_lock)
                return new JournalPosition(_segments[0], _segments[0], JournalFormat.SegmentHeader);
        }
    }

    public JournalPosition End
    {
        get
        {
            lock (_lock)
                return _end;
        }
    }

    public JournalPosition Flushed
    {
        get
        {
            lock (_lock)
                return _flushed;
        }
    }

    public string PathOf(long segment) => Path.Combine(_options.Directory, JournalFormat.SegmentName(segment));

    /// <summary>The segment behind another one; <see langword="null"/> behind the newest.</summary>
    public long? After(long segment)
    {
        lock (_lock)
        {
            var next = _segments.FindIndex(candidate => candidate > segment);
            return next < 0 ? null : _segments[next];
        }
    }

    /// <summary>Where to read on from a position kept elsewhere; <see langword="null"/> if the journal has not got it, or has not got it any more.</summary>
    public JournalPosition? Find(JournalPosition position)
    {
        lock (_lock)
        {
            if (position.Sequence > _end.Sequence)
                return null;
            if (_segments.Contains(position.Segment))
                return position;

            // Its own segment has been deleted with everything before it.
            return _segments.Contains(position.Sequence) ? new JournalPosition(position.Sequence, position.Sequence, JournalFormat.SegmentHeader) : null;
        }
    }

    /// <summary>Bytes from a position to the end.</summary>
    public long BytesFrom(JournalPosition position)
    {
        lock (_lock)
        {
            var bytes = _end.Offset - (position.Segment == _end.Segment ? position.Offset : JournalFormat.SegmentHeader);
            foreach (var segment in _segments)
            {
                if (segment >= position.Segment && segment < _end.Segment)
                    bytes += new FileInfo(PathOf(segment)).Length - (segment == position.Segment ? position.Offset : JournalFormat.SegmentHeader);
            }

            return bytes;
        }
    }

    /// <summary>Writes whole records at the end. If that fails, the journal is as it was before.</summary>
    /// <exception cref="IOException">The disk is full or fails.</exception>
    public void Write(ReadOnlySpan<byte> records, int count)
    {
        try
        {
            if (_hasRemainder)
                CutRemainder();
            if (_end.Offset >= _options.SegmentBytes)
                Rotate();

            _hasRemainder = true;
            _files.Write(_file, records, _end.Offset);
            if (_options.FlushInterval == TimeSpan.Zero)
                _files.Flush(_file);
            _hasRemainder = false;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            TryCutRemainder();
            throw;
        }

        lock (_lock)
        {
            _end = new JournalPosition(_end.Sequence + count, _end.Segment, _end.Offset + records.Length);
            if (_options.FlushInterval == TimeSpan.Zero)
                _flushed = _end;
        }
    }

    /// <summary>Whether the disk takes a write now, found out with a file beside the journal's own.</summary>
    public bool TryProbe()
    {
        // Two at a time would delete each other's file.
        lock (_probing)
        {
            var path = Path.Combine(_options.Directory, "probe");
            try
            {
                using (var file = _files.Open(path))
                    _files.Write(file, new byte[ProbeBytes], 0);
                File.Delete(path);
                return true;
            }
            catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
            {
                return false;
            }
        }
    }

    /// <summary>Flushes what has been written until now to the device.</summary>
    public void Flush()
    {
        SafeFileHandle file;
        JournalPosition end;
        lock (_lock)
            (file, end) = (_file, _end);

        try
        {
            _files.Flush(file);
        }
        catch (ObjectDisposedException)
        {
            // The segment was closed in the meantime, and is flushed before that.
        }

        lock (_lock)
            _flushed = end.Sequence > _flushed.Sequence ? end : _flushed;
    }

    /// <summary>Deletes the segments that lie wholly before a position and were last written before a moment.</summary>
    public void Delete(JournalPosition before, DateTimeOffset writtenBefore)
    {
        while (true)
        {
            string path;
            lock (_lock)
            {
                if (_segments.Count == 1 || _segments[0] >= before.Segment || _segments[1] > before.Sequence)
                    return;

                path = PathOf(_segments[0]);
                if (File.GetLastWriteTimeUtc(path) > writtenBefore.UtcDateTime)
                    return;

                _segments.RemoveAt(0);
            }

            File.Delete(path);
        }
    }

    public void Dispose() => _file.Dispose();

    private void Rotate()
    {
        // Flushed first: a segment that has a successor is whole, also after a loss of power.
        _files.Flush(_file);

        var next = _files.Open(PathOf(_end.Sequence));
        try
        {
            _files.SetLength(next, 0);
            var header = new byte[JournalFormat.SegmentHeader];
            JournalFormat.WriteSegmentHeader(header, _end.Sequence);
            _files.Write(next, header, 0);
        }
        catch
        {
            next.Dispose();
            File.Delete(PathOf(_end.Sequence));
            throw;
        }

        SafeFileHandle full;
        lock (_lock)
        {
            full = _file;
            _file = next;
            _segments.Add(_end.Sequence);
            _flushed = _end;
            _end = new JournalPosition(_end.Sequence, _end.Sequence, JournalFormat.SegmentHeader);
        }

        full.Dispose();
    }

    private void Begin(SafeFileHandle file, long segment)
    {
        var header = new byte[JournalFormat.SegmentHeader];
        JournalFormat.WriteSegmentHeader(header, segment);
        _files.Write(file, header, 0);
        _end = new JournalPosition(segment, segment, JournalFormat.SegmentHeader);
    }

    private void CutRemainder()
    {
        _files.SetLength(_file, _end.Offset);
        _hasRemainder = false;
    }

    // What cannot be cut off now is cut off before the next write, or when the journal is opened again.
    private void TryCutRemainder()
    {
        try
        {
            if (_hasRemainder)
                CutRemainder();
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
        }
    }
}
