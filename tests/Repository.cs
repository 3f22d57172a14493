namespace MeaiRouter.Tests;

/// <summary>The files of the repository, as tests that read them find them: not by the paths in the assemblies, which a deterministic build replaces.</summary>
internal static class Repository
{
    private static readonly string Root = Find(AppContext.BaseDirectory);

    /// <summary>The full path of a file or folder.</summary>
    /// <param name="path">Its path from the top.</param>
    public static string PathOf(string path) => Path.Combine(Root, path);

    private static string Find(string folder)
    {
        for (var candidate = new DirectoryInfo(folder); candidate is not null; candidate = candidate.Parent)
        {
            if (File.Exists(Path.Combine(candidate.FullName, "MeaiRouter.sln")))
                return candidate.FullName;
        }

        throw new DirectoryNotFoundException($"MeaiRouter.sln is in no folder above '{folder}'.");
    }
}
