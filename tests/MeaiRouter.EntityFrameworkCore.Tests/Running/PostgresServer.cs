using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using Npgsql;

namespace MeaiRouter.EntityFrameworkCore.Tests.Running;

/// <summary>A real PostgreSQL of the test's own, from the system's binaries.</summary>
internal sealed class PostgresServer : IDisposable
{
    private static readonly string? Binaries = FindBinaries();
    private static readonly Lazy<PostgresServer> SharedServer = new(() =>
    {
        var server = new PostgresServer();
        AppDomain.CurrentDomain.ProcessExit += (_, _) => server.Abandon();
        return server;
    });

    private readonly string _directory = Directory.CreateTempSubdirectory("meairouter-postgres-").FullName;
    private readonly int _port = FreePort();
    private int _databases;

    public PostgresServer()
    {
        // PostgreSQL refuses to run as root, and owns its directory.
        if (Environment.IsPrivilegedProcess)
            Run("chown", User, _directory);
        RunAsOwner("initdb", "-D", Data, "-U", "postgres", "-A", "trust", "-N", "-E", "UTF8", "--locale=C");
        Start();
    }

    /// <summary>Why there can be none here; <see langword="null"/> if there can.</summary>
    public static string? WhyNot => Binaries is null ? "PostgreSQL is not installed: no initdb in PATH or /usr/lib/postgresql/*/bin." : null;

    /// <summary>The one that tests share which never stop it.</summary>
    public static PostgresServer Shared => SharedServer.Value;

    private static string User => "postgres";

    private string Data => Path.Combine(_directory, "data");

    /// <summary>Creates an empty database and names it.</summary>
    public string NewDatabase()
    {
        var name = $"ledger{Interlocked.Increment(ref _databases)}";
        using var source = NpgsqlDataSource.Create(ConnectionString("postgres"));
        using var command = source.CreateCommand($"CREATE DATABASE {name}");
        command.ExecuteNonQuery();
        return ConnectionString(name);
    }

    public void Start() => RunAsOwner("pg_ctl", "start", "-D", Data, "-w", "-l", Path.Combine(_directory, "log"), "-o", $"-p {_port} -k {_directory} -c listen_addresses=127.0.0.1 -c fsync=off");

    /// <summary>Stops at once; clients find their connections broken.</summary>
    public void Stop() => RunAsOwner("pg_ctl", "stop", "-D", Data, "-w", "-m", "immediate");

    public void Dispose()
    {
        try
        {
            Stop();
        }
        finally
        {
            Directory.Delete(_directory, recursive: true);
        }
    }

    // The runner gives a process that ends a tenth of a second: somebody else stops the server and clears up behind it.
    private void Abandon()
    {
        using var process = Process.Start("/bin/sh", ["-c", """cd /; (kill -QUIT "$(head -1 "$0/data/postmaster.pid")"; sleep 1; rm -rf "$0") >/dev/null 2>&1 &""", _directory]);
        process.WaitForExit();
    }

    private string ConnectionString(string database) => $"Host=127.0.0.1;Port={_port};Username=postgres;Database={database};Timeout=3";

    private static string? FindBinaries()
    {
        var candidates = (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator)
            .Concat(Directory.Exists("/usr/lib/postgresql") ? Directory.GetDirectories("/usr/lib/postgresql").Select(version => version + "/bin") : []);
        return candidates.FirstOrDefault(directory => File.Exists(Path.Combine(directory, "initdb")) && File.Exists(Path.Combine(directory, "pg_ctl")));
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    private static void RunAsOwner(string program, params string[] arguments)
    {
        var path = Path.Combine(Binaries!, program);
        if (Environment.IsPrivilegedProcess)
            Run("setpriv", ["--reuid", User, "--regid", User, "--init-groups", path, .. arguments]);
        else
            Run(path, arguments);
    }

    private static void Run(string program, params string[] arguments)
    {
        // The server inherits the streams of pg_ctl, so nothing is read from them: its log has what there is to say.
        using var process = Process.Start(new ProcessStartInfo("/bin/sh") { ArgumentList = { "-c", "cd / && exec \"$0\" \"$@\" >/dev/null 2>&1", program } }.With(arguments))!;
        process.WaitForExit();
        if (process.ExitCode != 0)
            throw new InvalidOperationException($"{program} {string.Join(' ', arguments)} ended with {process.ExitCode}.");
    }
}

internal static class ProcessStartInfoExtensions
{
    public static ProcessStartInfo With(this ProcessStartInfo start, IEnumerable<string> arguments)
    {
        foreach (var argument in arguments)
            start.ArgumentList.Add(argument);
        return start;
    }
}
