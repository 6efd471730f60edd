using System.Diagnostics;
using System.Net;
using System.Net.Sockets;

namespace Pharos.Storage.Tests.State;

/// <summary>A real PostgreSQL of Debian's package in a folder of its own, on loopback. Its programs refuse to run as root and are then
/// run as the package's user.</summary>
public sealed class PostgresServer : IDisposable
{
    private const string Installed = "/usr/lib/postgresql";
    private const string User = "pharos";
    private const string Password = "not-to-be-shown";

    private readonly string _folder = Directory.CreateTempSubdirectory("pharos-postgres-").FullName;
    private readonly string _programs;
    private int _databases;

    private PostgresServer(string programs) => _programs = programs;

    public int Port { get; } = FreePort();

    private static bool IsRoot => Environment.UserName == "root";

    private string DataFolder => Path.Combine(_folder, "data");

    /// <summary>Skips the test where it is not installed.</summary>
    public static PostgresServer Start()
    {
        var programs = Directory.Exists(Installed)
            ? Directory.GetDirectories(Installed).Select(version => Path.Combine(version, "bin")).Order(StringComparer.Ordinal).LastOrDefault() : null;
        if (programs is null || !File.Exists(Path.Combine(programs, "initdb")))
        {
            Assert.Skip("not installed: postgresql");
        }
        var server = new PostgresServer(programs);
        var password = Path.Combine(server._folder, "password");
        File.WriteAllText(password, Password);
        if (IsRoot)
        {
            Run("chown", "-R", "postgres", server._folder);
        }
        server.RunProgram("initdb", "-D", server.DataFolder, "-U", User, $"--pwfile={password}", "-A", "scram-sha-256", "-E", "UTF8", "--locale=C", "-N");
        server.StartAgain();
        return server;
    }

    /// <summary>A connection string to a database that nobody else uses.</summary>
    public string NewDatabase()
    {
        var name = $"state{Interlocked.Increment(ref _databases)}";
        using var connection = new Npgsql.NpgsqlConnection(ConnectionString("postgres") + ";Pooling=false");
        connection.Open();
        using var command = new Npgsql.NpgsqlCommand($"CREATE DATABASE {name}", connection);
        command.ExecuteNonQuery();
        return ConnectionString(name);
    }

    /// <remarks>It does not wait for the disk: what ends in a test is a process, not the machine.</remarks>
    public void StartAgain() => RunProgram("pg_ctl", "-D", DataFolder, "-w", "-t", "30", "-l", Path.Combine(_folder, "log"), "-o",
        $"-h 127.0.0.1 -p {Port} -k {_folder} -c max_connections=50 -c fsync=off -c synchronous_commit=off", "start");

    /// <summary>Ends every session at once, as a restart for an upgrade does.</summary>
    public void Stop() => RunProgram("pg_ctl", "-D", DataFolder, "-w", "-m", "fast", "stop");

    /// <summary>SIGSTOP for the server and all its sessions: connections stay, and nothing answers.</summary>
    public void Freeze() => SignalAll("STOP");

    /// <summary>SIGCONT for all of them.</summary>
    public void Thaw() => SignalAll("CONT");

    public void Dispose()
    {
        if (File.Exists(Path.Combine(DataFolder, "postmaster.pid")))
        {
            RunProgram("pg_ctl", "-D", DataFolder, "-w", "-m", "immediate", "stop");
        }
        Directory.Delete(_folder, recursive: true);
    }

    private string ConnectionString(string database) =>
        $"Host=127.0.0.1;Port={Port};Username={User};Password={Password};Database={database}";

    private void RunProgram(string program, params string[] arguments)
    {
        var path = Path.Combine(_programs, program);
        if (IsRoot)
        {
            Run("setpriv", ["--reuid=postgres", "--regid=postgres", "--clear-groups", path, .. arguments]);
        }
        else
        {
            Run(path, arguments);
        }
    }

    private void SignalAll(string signal)
    {
        var server = File.ReadLines(Path.Combine(DataFolder, "postmaster.pid")).First();
        string[] sessions = [.. Directory.GetDirectories("/proc").Select(static folder => Path.GetFileName(folder)!).Where(id => ParentOf(id) == server)];
        Run("/bin/kill", [$"-{signal}", server, .. sessions]);
    }

    /// <summary>The number of the process that began it: the second word behind the name, which stands in brackets.</summary>
    private static string ParentOf(string process)
    {
        try
        {
            var text = File.ReadAllText($"/proc/{process}/stat");
            return text[(text.LastIndexOf(')') + 2)..].Split(' ')[1];
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return "";
        }
    }

    private static void Run(string program, params string[] arguments)
    {
        // Its output stays unread: the server that pg_ctl starts would hold the pipe open.
        var start = new ProcessStartInfo("/bin/sh", ["-c", "exec \"$0\" \"$@\" >/dev/null 2>&1", program, .. arguments]) { WorkingDirectory = "/" };
        using var process = Process.Start(start)!;
        process.WaitForExit();
        Assert.True(process.ExitCode == 0, $"{program} {string.Join(' ', arguments)} ended with {process.ExitCode}");
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
