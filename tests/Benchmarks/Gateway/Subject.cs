using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Text.RegularExpressions;

namespace MeaiRouter.Benchmarks.Gateway;

/// <summary>A process under measurement, held to one core.</summary>
internal sealed partial class Subject : IAsyncDisposable
{
    // The kernel counts processor time in hundredths of a second.
    private const double TicksPerSecond = 100;

    private readonly Process _process;

    private Subject(string name, Process process, IPEndPoint address)
    {
        Name = name;
        _process = process;
        Address = address;
    }

    public string Name { get; }

    public IPEndPoint Address { get; }

    /// <summary>Starts <c>dotnet</c> with the arguments on the core and waits until it says where it listens.</summary>
    public static async Task<Subject> StartAsync(string name, int core, params string[] arguments)
    {
        var start = new ProcessStartInfo("taskset", ["-c", core.ToString(CultureInfo.InvariantCulture), "dotnet", .. arguments]) { RedirectStandardOutput = true };

        // One core: the collector for servers would bring a thread and a heap for cores it does not have.
        start.Environment["DOTNET_gcServer"] = "0";
        var process = Process.Start(start) ?? throw new InvalidOperationException($"{name} did not start.");
        var listening = new TaskCompletionSource<IPEndPoint>(TaskCreationOptions.RunContinuationsAsynchronously);
        process.OutputDataReceived += (_, line) =>
        {
            if (line.Data is null)
                listening.TrySetException(new InvalidOperationException($"{name} has ended."));
            else if (Listening.Match(line.Data) is { Success: true } match)
                listening.TrySetResult(IPEndPoint.Parse(match.Groups[1].Value));
        };
        process.BeginOutputReadLine();
        return new Subject(name, process, await listening.Task);
    }

    /// <summary>The processor time used so far, in seconds.</summary>
    public double ProcessorSeconds()
    {
        // The program's name may hold spaces; after its closing parenthesis the fields are numbers. User and system time are the 14th and 15th.
        var stat = File.ReadAllText($"/proc/{_process.Id}/stat");
        var fields = stat[(stat.LastIndexOf(')') + 2)..].Split(' ');
        return (double.Parse(fields[11], CultureInfo.InvariantCulture) + double.Parse(fields[12], CultureInfo.InvariantCulture)) / TicksPerSecond;
    }

    /// <summary>The memory that is resident, in megabytes.</summary>
    public double ResidentMegabytes()
    {
        _process.Refresh();
        return _process.WorkingSet64 / 1_048_576.0;
    }

    public async ValueTask DisposeAsync()
    {
        _process.Kill(entireProcessTree: true);
        await _process.WaitForExitAsync();
        _process.Dispose();
    }

    [GeneratedRegex(@"Now listening on: http://(\S+)")]
    private static partial Regex Listening { get; }
}
