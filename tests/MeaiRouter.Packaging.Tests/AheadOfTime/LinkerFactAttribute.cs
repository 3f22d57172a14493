namespace MeaiRouter.Packaging.Tests.AheadOfTime;

/// <summary>A test that links native code; skipped where there is nothing to link with.</summary>
internal sealed class LinkerFactAttribute : FactAttribute
{
    // The compiler asks for clang and takes gcc, on the systems where it asks for either.
    private static readonly string[] Linkers = ["clang", "gcc"];

    public LinkerFactAttribute()
    {
        var folders = (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator);
        if (!OperatingSystem.IsLinux())
            Skip = "Publishing ahead of time is tried on Linux only.";
        else if (!Linkers.Any(linker => folders.Any(folder => File.Exists(Path.Combine(folder, linker)))))
            Skip = "There is no linker: install clang (or gcc) and zlib1g-dev.";
    }
}
