using System.Globalization;

namespace MeaiRouter.EntityFrameworkCore.Journal;

/// <summary>Holds a journal for one process: the operating system lets go of it when the process dies, however it dies.</summary>
internal sealed class JournalLock : IDisposable
{
    private readonly FileStream _file;

    private JournalLock(FileStream file) => _file = file;

    /// <summary>Takes the lock.</summary>
    /// <exception cref="JournalInUseException">Somebody else has it.</exception>
    public static JournalLock Take(string directory)
    {
        // The locked file itself cannot be read by others on every system, so the owner's name stands beside it.
        var owner = Path.Combine(directory, "owner");
        FileStream file;
        try
        {
            file = new FileStream(Path.Combine(directory, "lock"), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        }
        catch (IOException exception)
        {
            throw new JournalInUseException(directory, File.Exists(owner) ? "process " + File.ReadAllText(owner) : "another process", exception);
        }

        try
        {
            File.WriteAllText(owner, Environment.ProcessId.ToString(CultureInfo.InvariantCulture));
        }
        catch (IOException)
        {
            // A full disk: the lock holds all the same, only its owner stays unnamed.
        }

        return new JournalLock(file);
    }

    public void Dispose() => _file.Dispose();
}
