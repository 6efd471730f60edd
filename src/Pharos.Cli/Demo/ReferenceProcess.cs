using System.Diagnostics;

namespace Pharos.Cli.Demo;

/// <summary>The reference application as a child process: it ends with us, whatever ends us.</summary>
internal sealed class ReferenceProcess : IAsyncDisposable
{
    private static readonly TimeSpan StartTimeout = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan StopTimeout = TimeSpan.FromSeconds(5);

    private readonly Process _process;

    private ReferenceProcess(Process process) => _process = process;

    /// <param name="traces">Where it sends its traces; nobody need listen there yet.</param>
    /// <exception cref="InvalidOperationException">It did not start; the message holds what it said.</exception>
    public static async Task<ReferenceProcess> StartAsync(
        string program, DemoPorts ports, string logFolder, Uri traces, CancellationToken cancellation)
    {
        var start = new ProcessStartInfo("dotnet")
        {
            UseShellExecute = false,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.ArgumentList.Add(program);
        foreach (var (option, part) in new[]
        {
            ("--web-port", "web"), ("--mca-port", "mca"), ("--npa-port", "npa"), ("--wpa-port", "wpa"),
            ("--postgres-port", "postgres"), ("--redis-port", "redis"), ("--mongodb-port", "mongodb"),
        })
        {
            start.ArgumentList.Add(option);
            start.ArgumentList.Add($"{ports[part]}");
        }
        start.ArgumentList.Add("--logs");
        start.ArgumentList.Add(logFolder);
        start.ArgumentList.Add("--otlp");
        start.ArgumentList.Add(traces.ToString());
        start.ArgumentList.Add("--parent");
        start.ArgumentList.Add($"{Environment.ProcessId}");
        var child = new ReferenceProcess(
            Process.Start(start) ?? throw new InvalidOperationException("the reference application could not be started"));
        try
        {
            await child.WaitUntilReadyAsync(cancellation);
            return child;
        }
        catch
        {
            await child.DisposeAsync();
            throw;
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
        {
            // It watches us and would end by itself; this ends it now.
            _process.Kill();
            using var timeout = new CancellationTokenSource(StopTimeout);
            try
            {
                await _process.WaitForExitAsync(timeout.Token);
            }
            catch (OperationCanceledException)
            {
                // The system will have it.
            }
        }
        _process.Dispose();
    }

    private async Task WaitUntilReadyAsync(CancellationToken cancellation)
    {
        using var timeout = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        timeout.CancelAfter(StartTimeout);
        while (await _process.StandardOutput.ReadLineAsync(timeout.Token) is { } line)
        {
            if (line == "ready")
            {
                // Nobody reads on, and a full pipe would hold it up.
                _ = _process.StandardOutput.BaseStream.CopyToAsync(Stream.Null, CancellationToken.None);
                _ = _process.StandardError.BaseStream.CopyToAsync(Stream.Null, CancellationToken.None);
                return;
            }
        }
        var error = await _process.StandardError.ReadToEndAsync(timeout.Token);
        throw new InvalidOperationException($"the reference application did not start: {error.Trim()}");
    }
}
