using System.Buffers;

namespace MeaiRouter.OpenAI.Transport;

/// <summary>A body read into a pooled buffer.</summary>
internal sealed class PooledBody : IDisposable
{
    private const int InitialBytes = 4 * 1024;
    private byte[] _buffer = ArrayPool<byte>.Shared.Rent(InitialBytes);
    private int _length;

    private PooledBody()
    {
    }

    /// <summary>The bytes; invalid after disposal.</summary>
    public ReadOnlySpan<byte> Bytes => _buffer.AsSpan(0, _length);

    /// <summary>Whether the stream held more than was allowed.</summary>
    public bool IsCut { get; private set; }

    /// <summary>Reads a stream to its end or to the limit.</summary>
    public static async ValueTask<PooledBody> ReadAsync(Stream stream, int maxBytes, CancellationToken cancellationToken)
    {
        var body = new PooledBody();
        try
        {
            while (true)
            {
                if (body._length == body._buffer.Length)
                    body.Grow();
                var read = await stream.ReadAsync(body._buffer.AsMemory(body._length), cancellationToken).ConfigureAwait(false);
                body._length += read;
                if (read == 0)
                    return body;
                if (body._length > maxBytes)
                {
                    body._length = maxBytes;
                    body.IsCut = true;
                    return body;
                }
            }
        }
        catch
        {
            body.Dispose();
            throw;
        }
    }

    public void Dispose()
    {
        var buffer = _buffer;
        _buffer = [];
        _length = 0;
        if (buffer.Length > 0)
            ArrayPool<byte>.Shared.Return(buffer);
    }

    private void Grow()
    {
        var larger = ArrayPool<byte>.Shared.Rent(_buffer.Length * 2);
        _buffer.CopyTo(larger, 0);
        ArrayPool<byte>.Shared.Return(_buffer);
        _buffer = larger;
    }
}
