using System.Buffers;

namespace MeaiRouter.Gateway.Answers;

/// <summary>Bytes on their way to the caller, in a pooled array that is only held while there are any.</summary>
/// <remarks>
/// Written piece by piece to the server itself each piece would cost a lock there, and nobody would know the length of the whole.
/// </remarks>
internal sealed class AnswerBuffer : IBufferWriter<byte>, IDisposable
{
    private const int FirstBytes = 4 * 1024;

    private byte[] _bytes = [];
    private int _length;

    /// <summary>How many there are.</summary>
    public int Length => _length;

    /// <summary>The bytes, until anything is done to them.</summary>
    public ReadOnlyMemory<byte> Written => _bytes.AsMemory(0, _length);

    public void Advance(int count) => _length += count;

    public Memory<byte> GetMemory(int sizeHint = 0)
    {
        MakeRoom(sizeHint);
        return _bytes.AsMemory(_length);
    }

    public Span<byte> GetSpan(int sizeHint = 0)
    {
        MakeRoom(sizeHint);
        return _bytes.AsSpan(_length);
    }

    /// <summary>Forgets them.</summary>
    public void Clear()
    {
        if (_bytes.Length > 0)
            ArrayPool<byte>.Shared.Return(_bytes);
        (_bytes, _length) = ([], 0);
    }

    public void Dispose() => Clear();

    private void MakeRoom(int bytes)
    {
        var needed = checked(_length + Math.Max(bytes, 1));
        if (needed <= _bytes.Length)
            return;

        var larger = ArrayPool<byte>.Shared.Rent(Math.Max(needed, Math.Max(FirstBytes, 2 * _bytes.Length)));
        var length = _length;
        Written.CopyTo(larger);
        Clear();
        (_bytes, _length) = (larger, length);
    }
}
