using System.Collections.Concurrent;
using System.Diagnostics;
using System.Text.RegularExpressions;
using MeaiRouter.Gateway.Tests.Running;

namespace MeaiRouter.Gateway.Tests.Hosting;

/// <summary>samples/Gateway as a process of its own, as an operator starts it.</summary>
public sealed partial class SampleProcess : IAsyncDisposable
{
    private readonly Process _process;
    private readonly ConcurrentQueue<string> _output = new();
    private readonly ConcurrentQueue<string> _errors = new();
    private readonly SemaphoreSlim _written = new(0);
    private readonly TaskCompletionSource<Uri> _address = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Starts it, from a folder that is not its own.</summary>
    public SampleProcess(params IReadOnlyList<string> arguments)
    {
        var start = new ProcessStartInfo("dotnet", [AssemblyPath(), .. arguments])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = Path.GetTempPath(),
        };
        _process = new Process { StartInfo = start, EnableRaisingEvents = true };
        _process.OutputDataReceived += (_, line) => Note(_output, line.Data);
        _process.ErrorDataReceived += (_, line) => Note(_errors, line.Data);
        _process.Exited += (_, _) => _address.TrySetException(new InvalidOperationException($"The gateway has ended. {ErrorOutput}"));
        _process.Start();
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
    }

    public string Output => string.Join('\n', _output);

    public string ErrorOutput => string.Join('\n', _errors);

    /// <summary>The address that the host says it listens on.</summary>
    public Task<Uri> ListeningAsync() => _address.Task.WaitAsync(GatewayTest.Patience);

    /// <summary>Completes once a line of the output holds the text: the console logs behind the answer.</summary>
    public async Task WritesAsync(string text)
    {
        using var patience = new CancellationTokenSource(GatewayTest.Patience);
        while (!Output.Contains(text, StringComparison.Ordinal))
            await _written.WaitAsync(patience.Token);
    }

    /// <summary>The exit code, once all output has been read.</summary>
    public async Task<int> EndedAsync()
    {
        using var patience = new CancellationTokenSource(GatewayTest.Patience);
        await _process.WaitForExitAsync(patience.Token);
        return _process.ExitCode;
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
        {
            _process.Kill(entireProcessTree: true);
            await _process.WaitForExitAsync();
        }

        _process.Dispose();
    }

    [GeneratedRegex(@"Now listening on: (\S+)")]
    private static partial Regex Listening { get; }

    private void Note(ConcurrentQueue<string> lines, string? line)
    {
        if (line is null)
            return;

        lines.Enqueue(line);
        _written.Release();
        if (Listening.Match(line) is { Success: true } match)
            _address.TrySetResult(new Uri(match.Groups[1].Value));
    }

    // tests/X/bin/Release/net10.0/ and samples/Gateway/bin/Release/net10.0/ have their ends in common.
    private static string AssemblyPath()
    {
        var here = new DirectoryInfo(AppContext.BaseDirectory.TrimEnd(Path.DirectorySeparatorChar));
        return MeaiRouter.Tests.Repository.PathOf(Path.Combine("samples", "Gateway", "bin", here.Parent!.Name, here.Name, "Gateway.dll"));
    }
}
