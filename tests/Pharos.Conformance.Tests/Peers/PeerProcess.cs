using System.Collections.Concurrent;
using System.Diagnostics;
using System.Net;
using System.Net.Sockets;

namespace Pharos.Conformance.Tests.Peers;

/// <summary>One program that a test started: a peer, or the real executable of Pharos. Owns the process and ends it by its id.</summary>
internal sealed class PeerProcess : IAsyncDisposable
{
    private const int LowestPort = 15_000;
    private const int PortCount = 17_000;
    private static readonly TimeSpan ReadyWithin = TimeSpan.FromSeconds(60);
    private static int _ports;

    private readonly Process _process;
    private readonly ConcurrentQueue<string> _lines = new();

    private PeerProcess(string program, IEnumerable<string> arguments)
    {
        _process = new Process
        {
            StartInfo = new ProcessStartInfo(program, arguments)
            {
                UseShellExecute = false, RedirectStandardOutput = true, RedirectStandardError = true,
            },
        };
        _process.OutputDataReceived += (_, line) => Keep(line.Data);
        _process.ErrorDataReceived += (_, line) => Keep(line.Data);
        _process.Start();
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
    }

    /// <summary>The executable of Pharos, which the build puts beside the tests.</summary>
    public static string Pharos { get; } = Path.Combine(AppContext.BaseDirectory, "pharos");

    /// <summary>Everything that it printed so far.</summary>
    public IReadOnlyList<string> Lines => [.. _lines];

    public static void Need(params IEnumerable<string> programs)
    {
        var missing = programs.Where(program => !File.Exists(program)).ToArray();
        if (missing.Length > 0)
        {
            Assert.Skip($"not installed: {string.Join(", ", missing)}");
        }
    }

    /// <summary>Below the range that the system takes outgoing connections' ports from: one of these could take the port before
    /// its server does. Every process of tests begins elsewhere, and none gives a port out twice.</summary>
    public static int FreePort()
    {
        while (true)
        {
            var port = LowestPort + (int)((uint)((Environment.ProcessId * 251) + Interlocked.Increment(ref _ports)) % PortCount);
            try
            {
                using var listener = new TcpListener(IPAddress.Loopback, port);
                listener.Start();
                return port;
            }
            catch (SocketException)
            {
                // In use: the next one.
            }
        }
    }

    /// <summary>Starts a server and returns once its readiness path answers 200.</summary>
    public static async Task<PeerProcess> ServeAsync(string program, Uri ready, params IEnumerable<string> arguments)
    {
        using var client = new HttpClient { Timeout = TimeSpan.FromSeconds(5) };
        return await ServeAsync(client, program, ready, arguments);
    }

    /// <summary>The same, of a server that not everybody may ask.</summary>
    public static async Task<PeerProcess> ServeAsync(HttpClient client, string program, Uri ready, params IEnumerable<string> arguments)
    {
        var peer = new PeerProcess(program, arguments);
        var clock = Stopwatch.StartNew();
        while (!await AnswersAsync(client, ready))
        {
            if (peer._process.HasExited || clock.Elapsed > ReadyWithin)
            {
                await peer.DisposeAsync();
                Assert.Fail($"{program} did not become ready:\n{string.Join('\n', peer.Lines)}");
            }
            await Task.Delay(50);
        }
        return peer;
    }

    /// <summary>Starts a program and returns once it prints a line.</summary>
    public static async Task<PeerProcess> StartAsync(string program, string ready, params IEnumerable<string> arguments)
    {
        var peer = new PeerProcess(program, arguments);
        var clock = Stopwatch.StartNew();
        while (!peer.Lines.Contains(ready))
        {
            if (peer._process.HasExited || clock.Elapsed > ReadyWithin)
            {
                await peer.DisposeAsync();
                Assert.Fail($"{program} did not become ready:\n{string.Join('\n', peer.Lines)}");
            }
            await Task.Delay(25);
        }
        return peer;
    }

    /// <summary>Runs a program to its end.</summary>
    public static async Task<(int ExitCode, string Output)> RunAsync(string program, params IEnumerable<string> arguments)
    {
        await using var peer = new PeerProcess(program, arguments);
        using var limit = new CancellationTokenSource(ReadyWithin);
        await peer._process.WaitForExitAsync(limit.Token);
        return (peer._process.ExitCode, string.Join('\n', peer.Lines));
    }

    /// <summary>Runs a program to its end with a text on its standard input; what it printed where is told apart.</summary>
    public static async Task<(int ExitCode, string Output, string Errors)> RunWithInputAsync(
        string program, string input, params IEnumerable<string> arguments)
    {
        using var process = new Process
        {
            StartInfo = new ProcessStartInfo(program, arguments)
            {
                UseShellExecute = false, RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true,
            },
        };
        process.Start();
        using var limit = new CancellationTokenSource(ReadyWithin);
        var output = process.StandardOutput.ReadToEndAsync(limit.Token);
        var errors = process.StandardError.ReadToEndAsync(limit.Token);
        await process.StandardInput.BaseStream.WriteAsync(System.Text.Encoding.UTF8.GetBytes(input), limit.Token);
        process.StandardInput.Close();
        await process.WaitForExitAsync(limit.Token);
        return (process.ExitCode, await output, await errors);
    }

    /// <summary>A signal by its name, as <c>STOP</c> and <c>CONT</c>.</summary>
    public async Task SignalAsync(string signal)
    {
        using var kill = Process.Start("/bin/kill", [$"-{signal}", _process.Id.ToString(System.Globalization.CultureInfo.InvariantCulture)]);
        await kill.WaitForExitAsync();
    }

    /// <summary>Waits until it ends by itself.</summary>
    public Task ExitAsync(CancellationToken cancellation) => _process.WaitForExitAsync(cancellation);

    /// <summary>SIGKILL, and the wait for its effect.</summary>
    public async Task KillAsync()
    {
        if (!_process.HasExited)
        {
            _process.Kill();
        }
        await _process.WaitForExitAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await KillAsync();
        _process.Dispose();
    }

    private void Keep(string? line)
    {
        if (line is not null)
        {
            _lines.Enqueue(line);
        }
    }

    private static async Task<bool> AnswersAsync(HttpClient client, Uri ready)
    {
        try
        {
            using var answer = await client.GetAsync(ready);
            return answer.IsSuccessStatusCode;
        }
        catch (Exception e) when (e is HttpRequestException or OperationCanceledException)
        {
            return false;
        }
    }
}
