using Microsoft.Win32.SafeHandles;

namespace MeaiRouter.EntityFrameworkCore.Journal;

/// <summary>The file system as the journal writes to it: the seam at which tests let disks fill up and fail.</summary>
internal class JournalFiles
{
    public static JournalFiles System { get; } = new();

    public virtual SafeFileHandle Open(string path) => File.OpenHandle(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.ReadWrite | FileShare.Delete);

    public virtual void Write(SafeFileHandle file, ReadOnlySpan<byte> bytes, long offset) => RandomAccess.Write(file, bytes, offset);

    public virtual void SetLength(SafeFileHandle file, long length) => RandomAccess.SetLength(file, length);

    public virtual void Flush(SafeFileHandle file) => RandomAccess.FlushToDisk(file);
}
