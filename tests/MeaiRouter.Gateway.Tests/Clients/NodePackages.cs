using System.Diagnostics;

namespace MeaiRouter.Gateway.Tests.Clients;

/// <summary>npm's packages of the tests, installed once, beside the tests' assembly.</summary>
public sealed class NodePackages : IAsyncLifetime
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    public static string Folder { get; } = Path.Combine(AppContext.BaseDirectory, "node");

    // Several classes of tests share the folder and may begin at once.
    private static readonly Lazy<Task> Installation = new(InstallAsync);

    public Task InitializeAsync() => NodePrograms.Missing is null ? Installation.Value : Task.CompletedTask;

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

    public Task DisposeAsync() => Task.CompletedTask;
}
