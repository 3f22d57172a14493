namespace MeaiRouter.Gateway.Tests.Clients;

/// <summary>Where node and npm are on this machine.</summary>
internal static class NodePrograms
{
    public static string? Node { get; } = Find("node", "node.exe");

    public static string? Npm { get; } = Find("npm", "npm.cmd");

    /// <summary>Why tests that need them are skipped; <see langword="null"/> where they need not be.</summary>
    public static string? Missing => Node is null || Npm is null ? "Needs node and npm, which are not in the PATH." : null;

    private static string? Find(params ReadOnlySpan<string> names)
    {
        foreach (var folder in (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries))
        {
            foreach (var name in names)
            {
                var path = Path.Combine(folder, name);
                if (File.Exists(path))
                    return path;
            }
        }

        return null;
    }
}
