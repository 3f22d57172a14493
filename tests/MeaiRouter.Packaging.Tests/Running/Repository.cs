using System.Reflection;

namespace MeaiRouter.Packaging.Tests.Running;

/// <summary>The tree these tests were built from.</summary>
internal static class Repository
{
    public static string Root { get; } = typeof(Repository).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>()
        .Single(static metadata => metadata.Key == "RepositoryRoot").Value!;

    /// <summary>The names of all packages: the folders under src that hold a project.</summary>
    public static IReadOnlyList<string> Packages { get; } =
        [.. Directory.GetFiles(Path.Combine(Root, "src"), "*.csproj", SearchOption.AllDirectories).Select(static path => Path.GetFileNameWithoutExtension(path)).Order(StringComparer.Ordinal)];

    public static TheoryData<string> EachPackage => [.. Packages];

    public static Assembly Load(string package) => Assembly.Load(package);

    /// <summary>Copies what is needed to build and pack, without what builds left behind.</summary>
    /// <param name="target">A folder that does not exist.</param>
    /// <param name="folders">The folders, from the root.</param>
    public static void CopyTo(string target, params IEnumerable<string> folders)
    {
        Directory.CreateDirectory(target);
        foreach (var file in (string[])["Directory.Build.props", "Directory.Packages.props", ".editorconfig", ".gitattributes", ".gitignore", "LICENSE"])
            File.Copy(Path.Combine(Root, file), Path.Combine(target, file));
        foreach (var folder in folders)
            Copy(Path.Combine(Root, folder), Path.Combine(target, folder));
    }

    private static void Copy(string from, string to)
    {
        Directory.CreateDirectory(to);
        foreach (var file in Directory.GetFiles(from))
            File.Copy(file, Path.Combine(to, Path.GetFileName(file)));
        foreach (var folder in Directory.GetDirectories(from))
        {
            if (Path.GetFileName(folder) is not ("bin" or "obj"))
                Copy(folder, Path.Combine(to, Path.GetFileName(folder)));
        }
    }
}
