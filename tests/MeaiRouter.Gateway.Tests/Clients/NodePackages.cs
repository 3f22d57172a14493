using System.Diagnostics;

namespace MeaiRouter.Gateway.Tests.Clients;

/// <summary>npm's packages of the tests, installed once, beside the tests' assembly.</summary>
internal static class NodePackages
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    // Several classes of tests share the folder and may begin at once.
    private static readonly Lazy<Task> Installation = new(RunAsync);

    public static string Folder { get; } = Path.Combine(AppContext.BaseDirectory, "node");

    public static Task InstallAsync() => NodePrograms.Missing is null ? Installation.Value : Task.CompletedTask;

    private static async Task RunAsync()
    {
        // No package of ours needs a script of its own to be installed.
        using var npm = Process.Start(new ProcessStartInfo(NodePrograms.Npm!, ["ci", "--no-audit", "--no-fund", "--ignore-scripts", "--prefer-offline"])
        {
            WorkingDirectory = Folder,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!;
        var output = npm.StandardOutput.ReadToEndAsync();
        var errors = npm.StandardError.ReadToEndAsync();
        await npm.WaitForExitAsync().WaitAsync(Patience);
        Assert.True(npm.ExitCode == 0, $"npm ci failed: {await output} {await errors}");
    }
}
