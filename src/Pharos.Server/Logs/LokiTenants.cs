using Microsoft.Extensions.Logging;
using Pharos.Collection.Receivers.Loki.Intake;
using Pharos.Server.Configuration.Loki;

namespace Pharos.Server.Logs;

/// <summary>The limits of every tenant: those of the file, and over them those of the runtime file, which is read again while the server
/// runs.</summary>
/// <remarks>Thread-safe. A tenant's limits are the same object until something changes.</remarks>
internal sealed class LokiTenants(TimeProvider time, ILogger logger) : IDisposable
{
    /// <summary>Of whoever says no tenant where none must be said.</summary>
    public const string Single = "fake";

    private readonly Lock _lock = new();
    private volatile State _state = new(LokiConfig.Default, new Dictionary<string, LokiLimits>());
    private ITimer? _timer;
    private DateTime _read;

    public LokiConfig Config => _state.Config;

    /// <summary>The tenants that have limits of their own.</summary>
    public IReadOnlyDictionary<string, LokiLimits> Overrides => _state.Overrides;

    public LokiLimits LimitsOf(string tenant) =>
        _state is var state && state.Overrides.TryGetValue(tenant, out var own) ? own : state.Config.Limits;

    public LokiIngestLimits IngestLimitsOf(string tenant) => LimitsOf(tenant).Ingest;

    public void Apply(LokiConfig config)
    {
        lock (_lock)
        {
            _read = default;
            _state = new State(config, new Dictionary<string, LokiLimits>());
            ReadRuntimeFile();
            _timer?.Dispose();
            _timer = config.RuntimeFile.Length == 0 ? null
                : time.CreateTimer(_ => Tick(), null, config.RuntimePeriod, config.RuntimePeriod);
        }
    }

    public void Dispose()
    {
        lock (_lock)
        {
            _timer?.Dispose();
        }
    }

    private void Tick()
    {
        lock (_lock)
        {
            ReadRuntimeFile();
        }
    }

    private void ReadRuntimeFile()
    {
        var config = _state.Config;
        if (config.RuntimeFile.Length == 0 || File.GetLastWriteTimeUtc(config.RuntimeFile) is var written && written == _read)
        {
            return;
        }
        _read = written;
        var (overrides, report) = LokiRuntimeFile.Read(config.RuntimeFile, config.Limits);
        if (overrides is null)
        {
            logger.LogError(
                "The limits of tenants stay as they were: {Problem}",
                report.Unreadable is { } reason ? $"{report.File}: {reason}" : string.Join('\n', report.Problems));
            return;
        }
        _state = new State(config, overrides);
    }

    private sealed record State(LokiConfig Config, IReadOnlyDictionary<string, LokiLimits> Overrides);
}
