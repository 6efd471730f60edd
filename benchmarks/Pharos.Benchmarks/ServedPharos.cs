using System.Diagnostics;
using System.Net;
using System.Net.Sockets;

namespace Pharos.Benchmarks;

/// <summary>The executable as a server on a free port, and a client of it.</summary>
internal sealed class ServedPharos : IAsyncDisposable
{
    private readonly Process _process;

    private ServedPharos(Process process, HttpClient client) => (_process, Client) = (process, client);

    public HttpClient Client { get; }

    /// <summary>What the server took so far, user and system.</summary>
    public double CpuSeconds
    {
        get
        {
            _process.Refresh();
            return _process.TotalProcessorTime.TotalSeconds;
        }
    }

    public long ResidentBytes
    {
        get
        {
            _process.Refresh();
            return _process.WorkingSet64;
        }
    }

    public long PeakResidentBytes
    {
        get
        {
            _process.Refresh();
            return _process.PeakWorkingSet64;
        }
    }

    /// <param name="data">Emptied first.</param>
    /// <param name="settings">A folder of configuration files.</param>
    public static async Task<ServedPharos> StartAsync(string pharos, string settings, string data)
    {
        if (Directory.Exists(data))
        {
            Directory.Delete(data, recursive: true);
        }
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var port = ((IPEndPoint)listener.LocalEndpoint).Port;
        listener.Stop();
        var process = Process.Start(new ProcessStartInfo(pharos, ["serve", settings, $"--data={data}", $"--web.listen-address=127.0.0.1:{port}"])
        {
            UseShellExecute = false,
            RedirectStandardOutput = true,
        })!;
        process.OutputDataReceived += static (_, _) => { };
        process.BeginOutputReadLine();
        var client = new HttpClient { Timeout = TimeSpan.FromMinutes(5), BaseAddress = new Uri($"http://127.0.0.1:{port}") };
        var served = new ServedPharos(process, client);
        await served.ReadyAsync();
        return served;
    }

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        _process.Kill();
        await _process.WaitForExitAsync();
        _process.Dispose();
    }

    private async Task ReadyAsync()
    {
        for (var i = 0; i < 500; i++)
        {
            try
            {
                using var answer = await Client.GetAsync("/-/ready");
                if (answer.IsSuccessStatusCode)
                {
                    return;
                }
            }
            catch (HttpRequestException)
            {
            }
            await Task.Delay(20);
        }
        throw new IOException("the server does not get ready");
    }
}
