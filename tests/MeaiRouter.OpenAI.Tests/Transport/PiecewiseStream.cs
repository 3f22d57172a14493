namespace MeaiRouter.OpenAI.Tests.Transport;

/// <summary>Hands bytes out in pieces, as networks do.</summary>
internal sealed class PiecewiseStream : MemoryStream
{
    private readonly int _pieceSize = int.MaxValue;
    private readonly int[] _cuts = [];

    public PiecewiseStream(byte[] bytes, int pieceSize)
        : base(bytes) => _pieceSize = pieceSize;

    /// <summary>Bytes in three pieces that end at the two cuts and the end.</summary>
    public PiecewiseStream(byte[] bytes, int firstCut, int secondCut)
        : base(bytes) => _cuts = [firstCut, secondCut];

    public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        var end = _cuts.FirstOrDefault(cut => cut > Position, (int)Length);
        var length = Math.Min(buffer.Length, Math.Min(_pieceSize, end - (int)Position));
        return base.ReadAsync(buffer[..length], cancellationToken);
    }
}
