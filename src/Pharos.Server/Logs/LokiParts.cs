using System.Diagnostics.Metrics;
using Microsoft.Extensions.Logging;
using Pharos.Collection.Receivers.Loki.Intake;
using Pharos.Collection.Receivers.Loki.Otlp;
using Pharos.Server.Configuration.Loki;
using Pharos.Storage.Logs;

namespace Pharos.Server.Logs;

/// <summary>What a server needs for logs: the store, the way into it, and what is known of its tenants.</summary>
internal sealed class LokiParts : IAsyncDisposable
{
    private readonly LogStore _store;
    private readonly DirectoryInfo? _temporary;
    private int _disposed;

    private LokiParts(LogStore store, DirectoryInfo? temporary, string? dataPath, Func<bool> mayCreateStreams, TimeProvider time, ILogger logger, Meter meter)
    {
        _store = store;
        _temporary = temporary;
        Tenants = new LokiTenants(time, logger);
        Intake = new LokiIntake(store, Tenants.IngestLimitsOf, time, meter)
        {
            MayCreateStreams = mayCreateStreams,
            HasTenants = () => Tenants.Config.AuthEnabled,
        };
        Otlp = new OtlpLogsReceiver(Intake, time);
        Deletes = new DeleteRequests(
            store, dataPath is null ? null : Path.Combine(dataPath, "log-deletions.json"), () => Tenants.Config.DeleteCancelPeriod, time, logger);
    }

    public ILogStore Store => _store;

    public LokiTenants Tenants { get; }

    public LokiIntake Intake { get; }

    public OtlpLogsReceiver Otlp { get; }

    public DeleteRequests Deletes { get; }

    /// <param name="dataPath">The server's data folder; null to keep logs in a folder that goes with the process.</param>
    /// <exception cref="IOException">What is on disk cannot be opened.</exception>
    public static LokiParts Open(string? dataPath, Func<bool> mayCreateStreams, TimeProvider time, ILogger logger, Meter meter)
    {
        var temporary = dataPath is null ? Directory.CreateTempSubdirectory("pharos-logs-") : null;
        var options = new LogStoreOptions
        {
            Directory = temporary?.FullName ?? Path.Combine(dataPath!, "logs"),
            CompileFilter = LogDeletionFilter.Compile,
        };
        return new LokiParts(LogStore.Open(options, time, logger, meter), temporary, dataPath, mayCreateStreams, time, logger, meter);
    }

    public void Apply(LokiConfig config)
    {
        Tenants.Apply(config);
        _store.Reconfigure(LogRetention.Time(config), LogRetention.Rules(config, Tenants.Overrides));
    }

    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _disposed, 1) == 1)
        {
            return;
        }
        Deletes.Dispose();
        Tenants.Dispose();
        await _store.DisposeAsync();
        _temporary?.Delete(recursive: true);
    }
}
