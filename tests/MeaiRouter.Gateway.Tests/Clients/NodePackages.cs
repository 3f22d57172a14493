using System.Diagnostics;

namespace MeaiRouter.Gateway.Tests.Clients;

/// <summary>npm's packages of the tests, installed once, beside the tests' assembly.</summary>
public sealed class NodePackages : IAsyncLifetime
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    // Once for all classes of tests: two at a time would pull the packages from under each other.
    private static readonly Lazy<Task> Installed = new(InstallAsync);

    public static string Folder { get; } = Path.Combine(AppContext.BaseDirectory, "node");

    public Task InitializeAsync() => NodePrograms.Missing is null ? Installed.Value : Task.CompletedTask;

    public Task DisposeAsync() => Task.CompletedTask;

    private static async Task InstallAsync()
    {
        using var npm = Process.Start(new ProcessStartInfo(NodePrograms.Npm!, ["ci", "--no-audit", "--no-fund"])
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
