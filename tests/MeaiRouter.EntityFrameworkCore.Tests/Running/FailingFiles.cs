using MeaiRouter.EntityFrameworkCore.Journal;
using Microsoft.Win32.SafeHandles;

namespace MeaiRouter.EntityFrameworkCore.Tests.Running;

/// <summary>A disk with so much room and no more, that counts its flushes.</summary>
internal sealed class FailingFiles : JournalFiles
{
    private int _flushes;

    public long Room { get; set; } = long.MaxValue;

    public bool CanTruncate { get; set; } = true;

    public int Flushes => Volatile.Read(ref _flushes);

    /// <summary>Called in each flush.</summary>
    public Action Flushing { get; set; } = () => { };

    public override void Write(SafeFileHandle file, ReadOnlySpan<byte> bytes, long offset)
    {
        // What fits is written, as a real disk does before it refuses.
        var fits = (int)Math.Min(bytes.Length, Room);
        base.Write(file, bytes[..fits], offset);
        Room -= fits;
        if (fits < bytes.Length)
            throw new IOException("No space left on device");
    }

    public override void SetLength(SafeFileHandle file, long length)
    {
        if (!CanTruncate)
            throw new IOException("Input/output error");
        base.SetLength(file, length);
    }

    public override void Flush(SafeFileHandle file)
    {
        Interlocked.Increment(ref _flushes);
        Flushing();
    }
}
