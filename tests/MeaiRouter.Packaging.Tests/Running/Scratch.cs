using System.Diagnostics;
using System.Text;

namespace MeaiRouter.Packaging.Tests.Running;

/// <summary>A temporary folder with a package cache and feeds of its own. Nothing built in it is seen outside, and it goes with the test.</summary>
internal sealed class Scratch : IDisposable
{
    private static readonly TimeSpan Longest = TimeSpan.FromMinutes(15);

    public Scratch()
    {
        Root = Directory.CreateTempSubdirectory("meairouter-").FullName;
        Directory.CreateDirectory(Feed);
        File.WriteAllText(Path.Combine(Root, "nuget.config"), $"""
            <configuration>
              <packageSources>
                <add key="scratch" value="{Feed}" />
              </packageSources>
              <fallbackPackageFolders>
                <add key="user" value="{UsersCache}" />
              </fallbackPackageFolders>
            </configuration>
            """);
    }

    public string Root { get; }

    /// <summary>The local feed, which stands beside those of the machine.</summary>
    public string Feed => Path.Combine(Root, "feed");

    // Only read: what restores find in it need not be downloaded again.
    private static string UsersCache
    {
        get
        {
            var cache = Environment.GetEnvironmentVariable("NUGET_PACKAGES")
                ?? Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".nuget", "packages");
            Directory.CreateDirectory(cache);
            return cache;
        }
    }

    public string Folder(string name) => Path.Combine(Root, name);

    /// <summary>Runs a program and gives back what it printed.</summary>
    /// <exception cref="InvalidOperationException">It ended with another code than 0.</exception>
    public async Task<string> RunAsync(string folder, string program, params string[] arguments)
    {
        var (code, output) = await TryAsync(folder, program, arguments);
        return code == 0 ? output : throw new InvalidOperationException($"{program} {string.Join(' ', arguments)} ended with {code}:\n{output}");
    }

    public async Task<(int Code, string Output)> TryAsync(string folder, string program, params string[] arguments)
    {
        var start = new ProcessStartInfo(program == "dotnet" ? DotnetHost : program, arguments)
        {
            WorkingDirectory = folder,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };

        // The test host's own build must not reach in, and build servers that stay would keep our pipes open.
        foreach (var name in start.Environment.Keys.Where(static name => name.StartsWith("MSBUILD", StringComparison.OrdinalIgnoreCase)).ToList())
            start.Environment.Remove(name);
        start.Environment["MSBUILDDISABLENODEREUSE"] = "1";
        start.Environment["UseSharedCompilation"] = "false";
        start.Environment["DOTNET_CLI_TELEMETRY_OPTOUT"] = "1";
        start.Environment["DOTNET_NOLOGO"] = "1";
        start.Environment["NUGET_PACKAGES"] = Folder("packages");

        using var process = Process.Start(start)!;

        // Compilers take every core they can get, and other tests run beside them, some against the clock.
        try
        {
            process.PriorityClass = ProcessPriorityClass.Idle;
        }
        catch (InvalidOperationException)
        {
            // It has ended already.
        }

        var output = new StringBuilder();
        process.OutputDataReceived += (_, line) => Append(line.Data);
        process.ErrorDataReceived += (_, line) => Append(line.Data);
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        using var giveUp = new CancellationTokenSource(Longest);
        try
        {
            await process.WaitForExitAsync(giveUp.Token);
        }
        catch (OperationCanceledException)
        {
            process.Kill(entireProcessTree: true);
            throw new TimeoutException($"{program} {string.Join(' ', arguments)} has not ended after {Longest}:\n{output}");
        }

        lock (output)
            return (process.ExitCode, output.ToString());

        void Append(string? line)
        {
            lock (output)
            {
                if (line is not null)
                    output.AppendLine(line);
            }
        }
    }

    public void Dispose() => Directory.Delete(Root, recursive: true);

    private static string DotnetHost => Environment.GetEnvironmentVariable("DOTNET_HOST_PATH") ?? "dotnet";
}
