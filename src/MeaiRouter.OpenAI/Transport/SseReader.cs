using System.Buffers;
using System.Buffers.Text;
using System.Text;
using MeaiRouter.Attempts;

namespace MeaiRouter.OpenAI.Transport;

/// <summary>Reads server-sent events as the HTML standard defines them, without a string or a copy per line.</summary>
/// <remarks>
/// One deviation: an event that the end of the stream cuts off before its blank line is handed out, because providers forget that line.
/// Not thread safe. The stream is not disposed.
/// </remarks>
internal sealed class SseReader : IDisposable
{
    /// <summary>The largest event taken unless the constructor is told otherwise.</summary>
    public const int DefaultMaxEventBytes = 16 * 1024 * 1024;

    private const int InitialBufferBytes = 8 * 1024;
    private const byte LineFeed = (byte)'\n';
    private const byte CarriageReturn = (byte)'\r';

    private readonly Stream _stream;
    private readonly int _maxEventBytes;
    private byte[] _buffer = ArrayPool<byte>.Shared.Rent(InitialBufferBytes);

    // _buffer: [_eventStart, _eventStart + _dataLength) data of the current event, lines joined in place; [_lineStart, _end) unread.
    private int _eventStart;
    private int _dataLength;
    private int _lineStart;
    private int _scanned;
    private int _end;
    private bool _hasData;
    private bool _skipLineFeed;
    private bool _atStreamStart = true;
    private bool _atStreamEnd;
    private string? _pendingEventType;

    /// <summary>Creates a reader.</summary>
    /// <param name="stream">The bytes of the events.</param>
    /// <param name="maxEventBytes">The largest event taken; a larger one is a <see cref="FailureKind.MalformedAnswer"/>.</param>
    public SseReader(Stream stream, int maxEventBytes = DefaultMaxEventBytes)
    {
        _stream = stream;
        _maxEventBytes = maxEventBytes;
    }

    /// <summary>The data of the current event. Valid until the next call of <see cref="ReadAsync"/>.</summary>
    public ReadOnlyMemory<byte> Data { get; private set; }

    /// <summary>The type of the current event; <see langword="null"/> stands for <c>message</c>.</summary>
    public string? EventType { get; private set; }

    /// <summary>The last id the stream gave.</summary>
    public string? LastEventId { get; private set; }

    /// <summary>How long the server asks to wait before reconnecting; <see langword="null"/> where it did not say.</summary>
    public TimeSpan? ReconnectAfter { get; private set; }

    /// <summary>Goes to the next event.</summary>
    /// <returns>Whether there is one; <see langword="false"/> at the end of the stream.</returns>
    /// <exception cref="RouterException">An event exceeds the limit (<see cref="FailureKind.MalformedAnswer"/>).</exception>
    public ValueTask<bool> ReadAsync(CancellationToken cancellationToken = default)
    {
        // Nearly always several events come at once: only the first of them has to be waited for.
        BeginEvent();
        return TryTakeEvent() ? new(true) : AwaitEventAsync(cancellationToken);
    }

    /// <summary>Returns the buffer. <see cref="Data"/> is invalid afterwards.</summary>
    public void Dispose()
    {
        var buffer = _buffer;
        _buffer = [];
        Data = default;
        _eventStart = _lineStart = _scanned = _end = 0;
        _atStreamEnd = true;
        if (buffer.Length > 0)
            ArrayPool<byte>.Shared.Return(buffer);
    }

    private async ValueTask<bool> AwaitEventAsync(CancellationToken cancellationToken)
    {
        while (!_atStreamEnd)
        {
            MakeRoom();
            var read = await _stream.ReadAsync(_buffer.AsMemory(_end), cancellationToken).ConfigureAwait(false);
            _end += read;
            _atStreamEnd = read == 0;
            if (TryTakeEvent())
                return true;
        }

        return CompleteEvent();
    }

    /// <summary>Takes what has come up to the end of the event; <see langword="false"/> where that has not come.</summary>
    private bool TryTakeEvent()
    {
        while (TryTakeLine(out var start, out var length))
        {
            if (length > 0)
                TakeField(start, length);
            else if (CompleteEvent())
                return true;
        }

        return false;
    }

    private void BeginEvent()
    {
        _eventStart = _lineStart;
        _dataLength = 0;
        _hasData = false;
        _pendingEventType = null;
    }

    private bool CompleteEvent()
    {
        if (!_hasData)
        {
            BeginEvent();
            return false;
        }

        ThrowIfTooLarge(_dataLength);
        Data = _buffer.AsMemory(_eventStart, _dataLength);
        EventType = _pendingEventType;
        return true;
    }

    private bool TryTakeLine(out int start, out int length)
    {
        start = length = 0;
        if (_skipLineFeed && _lineStart < _end)
        {
            // A CRLF whose halves came in different reads; the CR ended its line without waiting for the LF.
            if (_buffer[_lineStart] == LineFeed)
                Advance(1);
            _skipLineFeed = false;
        }

        if (_atStreamStart && !SkipByteOrderMark())
            return false;

        var ending = _buffer.AsSpan(_scanned, _end - _scanned).IndexOfAny(LineFeed, CarriageReturn);
        if (ending < 0)
        {
            _scanned = _end;
            if (!_atStreamEnd || _lineStart == _end)
                return false;
            ending = _end;
        }
        else
        {
            ending += _scanned;
        }

        start = _lineStart;
        length = ending - start;
        _skipLineFeed = ending < _end && _buffer[ending] == CarriageReturn;
        _lineStart = _scanned = Math.Min(ending + 1, _end);
        return true;
    }

    private bool SkipByteOrderMark()
    {
        var mark = Encoding.UTF8.Preamble;
        var available = Math.Min(_end - _lineStart, mark.Length);
        var isMark = _buffer.AsSpan(_lineStart, available).SequenceEqual(mark[..available]);
        if (isMark && available < mark.Length && !_atStreamEnd)
            return false;

        if (isMark && available == mark.Length)
            Advance(available);
        _atStreamStart = false;
        return true;
    }

    private void TakeField(int start, int length)
    {
        var line = _buffer.AsSpan(start, length);
        var colon = line.IndexOf((byte)':');
        var name = colon < 0 ? line : line[..colon];
        var valueOffset = colon < 0 ? length : colon + 1;
        if (valueOffset < length && line[valueOffset] == ' ')
            valueOffset++;
        var value = line[valueOffset..];

        if (name.SequenceEqual("data"u8))
            AppendData(start + valueOffset, value.Length);
        else if (name.SequenceEqual("event"u8))
            _pendingEventType = value.IsEmpty ? null : Text(value, EventType);
        else if (name.SequenceEqual("id"u8) && !value.Contains((byte)0))
            LastEventId = Text(value, LastEventId);
        else if (name.SequenceEqual("retry"u8) && Utf8Parser.TryParse(value, out int milliseconds, out var consumed)
            && consumed == value.Length && milliseconds >= 0)
            ReconnectAfter = TimeSpan.FromMilliseconds(milliseconds);

        // Comments and other fields between events take no room in the buffer.
        if (!_hasData)
            _eventStart = _lineStart;
    }

    // The joined lines are always shorter than the lines with their field names, so they fit before the line they grow by.
    private void AppendData(int start, int length)
    {
        if (!_hasData)
        {
            _eventStart = start;
            _dataLength = length;
            _hasData = true;
            return;
        }

        _buffer[_eventStart + _dataLength] = LineFeed;
        _buffer.AsSpan(start, length).CopyTo(_buffer.AsSpan(_eventStart + _dataLength + 1));
        _dataLength += length + 1;
    }

    private void MakeRoom()
    {
        // The event's data and the unread rest move to the front, and with them what lies between.
        if (_eventStart > 0)
        {
            var shift = _eventStart;
            _buffer.AsSpan(shift, _end - shift).CopyTo(_buffer);
            _eventStart = 0;
            _lineStart -= shift;
            _scanned -= shift;
            _end -= shift;
        }

        ThrowIfTooLarge(_end);

        if (_end == _buffer.Length)
        {
            var larger = ArrayPool<byte>.Shared.Rent(_buffer.Length * 2);
            _buffer.AsSpan(0, _end).CopyTo(larger);
            ArrayPool<byte>.Shared.Return(_buffer);
            _buffer = larger;
        }
    }

    private void ThrowIfTooLarge(int bytes)
    {
        if (bytes > _maxEventBytes)
            throw new RouterException(FailureKind.MalformedAnswer, $"The stream holds an event of more than {_maxEventBytes} bytes.");
    }

    private void Advance(int bytes)
    {
        _lineStart += bytes;
        _scanned = Math.Max(_scanned, _lineStart);
        if (!_hasData)
            _eventStart = _lineStart;
    }

    // Streams that name their events give every event one of few names.
    private static string Text(ReadOnlySpan<byte> utf8, string? previous) =>
        previous is not null && Ascii.Equals(utf8, previous) ? previous : Encoding.UTF8.GetString(utf8);
}
