using System.Diagnostics.Metrics;
using Microsoft.Extensions.Logging;
using Pharos.Storage.Traces;

namespace Pharos.Server.Traces;

/// <summary>The trace store with the folder that it lies in.</summary>
internal sealed class TraceFolder : IAsyncDisposable
{
    private readonly DirectoryInfo? _temporary;

    private TraceFolder(TraceStore store, DirectoryInfo? temporary) => (Store, _temporary) = (store, temporary);

    public TraceStore Store { get; }

    /// <param name="dataPath">The server's data folder; null to keep traces in a folder that goes with the process.</param>
    /// <exception cref="IOException">What is on disk cannot be opened.</exception>
    public static TraceFolder Open(
        string? dataPath, TimeSpan retentionTime, long retentionBytes, TimeProvider time, ILogger logger, Meter meter)
    {
        var temporary = dataPath is null ? Directory.CreateTempSubdirectory("pharos-traces-") : null;
        var options = new TraceStoreOptions
        {
            Directory = temporary?.FullName ?? Path.Combine(dataPath!, "traces"),
            RetentionTime = retentionTime,
            RetentionBytes = retentionBytes,
        };
        return new TraceFolder(TraceStore.Open(options, time, logger, meter), temporary);
    }

    public async ValueTask DisposeAsync()
    {
        await Store.DisposeAsync();
        _temporary?.Delete(recursive: true);
    }
}
