using System.Security.Cryptography;
using System.Text;
using Microsoft.Extensions.Logging;
using Pharos.Server.Configuration;

namespace Pharos.Server.Hosting;

/// <summary>Looks at the configuration's files every now and then, and loads them again where any has changed.</summary>
/// <remarks>What is compared is the files' content: a file that is written anew and says the same changes nothing.</remarks>
internal sealed class AutoReloader(Reloader reloader, TimeSpan interval, TimeProvider time, ILogger logger) : IAsyncDisposable
{
    private readonly CancellationTokenSource _stop = new();
    private Task _loop = Task.CompletedTask;

    public void Start() => _loop = RunAsync();

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _loop;
        _stop.Dispose();
    }

    private async Task RunAsync()
    {
        using var timer = new PeriodicTimer(interval, time);
        var known = Fingerprint();
        try
        {
            while (await timer.WaitForNextTickAsync(_stop.Token))
            {
                var now = Fingerprint();
                if (now == known)
                {
                    continue;
                }
                // A bad file is told of once, not every time: only the next change tries again.
                known = now;
                logger.LogInformation("The configuration's files have changed and are loaded");
                await reloader.ReloadAsync(_stop.Token);
            }
        }
        catch (OperationCanceledException) when (_stop.IsCancellationRequested)
        {
        }
    }

    private string Fingerprint()
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (var file in reloader.Current.WatchedFiles.Select(Path.GetFullPath).SelectMany(FileGlob.Expand))
        {
            // A file that cannot be read now counts by the reason: once it can be, that is a change.
            var text = ConfigText.TryRead(file, out var content, out var error) ? content : error;
            hash.AppendData(Encoding.UTF8.GetBytes($"{file}\0{text}\0"));
        }
        return Convert.ToHexString(hash.GetHashAndReset());
    }
}
