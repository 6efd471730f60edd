using System.Diagnostics.Metrics;
using Microsoft.Extensions.Logging;
using Pharos.Server.Api.Prometheus.Notifications;

namespace Pharos.Server.Hosting;

/// <summary>Reads all files again and puts them into effect; keeps what was in effect where one is bad.</summary>
/// <remarks>Thread-safe: one reload at a time.</remarks>
internal sealed class Reloader : IDisposable
{
    private readonly Func<ConfigurationLoad> _load;
    private readonly Func<ConfigurationSnapshot, CancellationToken, Task> _apply;
    private readonly Action<string> _report;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly SemaphoreSlim _turn = new(1);
    private volatile ConfigurationSnapshot _current = new();
    private int _lastSuccessful;
    private long _lastSuccessMs;

    public Reloader(
        Func<ConfigurationLoad> load, Func<ConfigurationSnapshot, CancellationToken, Task> apply, Action<string> report,
        TimeProvider time, ILogger logger, Meter meter)
    {
        _load = load;
        _apply = apply;
        _report = report;
        _time = time;
        _logger = logger;
        foreach (var prefix in (string[])["pharos", "prometheus", "alertmanager"])
        {
            meter.CreateObservableGauge(
                $"{prefix}_config_last_reload_successful", () => Volatile.Read(ref _lastSuccessful),
                description: "Whether the last configuration reload attempt was successful.");
            meter.CreateObservableGauge(
                $"{prefix}_config_last_reload_success_timestamp_seconds", () => Volatile.Read(ref _lastSuccessMs) / 1000d,
                description: "Timestamp of the last successful configuration reload.");
        }
    }

    /// <summary>Where a failed reload is told to whoever looks at the server.</summary>
    public ServerNotices? Notices { private get; init; }

    public ConfigurationSnapshot Current => _current;

    public bool LastSuccessful => Volatile.Read(ref _lastSuccessful) == 1;

    public DateTimeOffset LastSuccess => DateTimeOffset.FromUnixTimeMilliseconds(Volatile.Read(ref _lastSuccessMs));

    /// <returns>The errors: none where all is in effect.</returns>
    public async Task<IReadOnlyList<string>> ReloadAsync(CancellationToken cancellation)
    {
        await _turn.WaitAsync(cancellation);
        try
        {
            return await Task.Run(() => LoadAndApplyAsync(cancellation), cancellation);
        }
        finally
        {
            _turn.Release();
        }
    }

    public void Dispose() => _turn.Dispose();

    private async Task<IReadOnlyList<string>> LoadAndApplyAsync(CancellationToken cancellation)
    {
        try
        {
            var load = _load();
            if (load.Snapshot is not { } snapshot)
            {
                return Failed(load.Errors);
            }
            await _apply(snapshot, cancellation);
            _current = snapshot;
            Volatile.Write(ref _lastSuccessful, 1);
            Notices?.Clear(ServerNotices.ReloadFailed);
            Volatile.Write(ref _lastSuccessMs, _time.GetUtcNow().ToUnixTimeMilliseconds());
            foreach (var line in snapshot.Report)
            {
                _report(line);
            }
            return [];
        }
        catch (Exception e)
        {
            _logger.LogError(e, "The configuration cannot be put into effect");
            return Failed([e.Message]);
        }
    }

    private IReadOnlyList<string> Failed(IReadOnlyList<string> errors)
    {
        Volatile.Write(ref _lastSuccessful, 0);
        Notices?.Raise(ServerNotices.ReloadFailed);
        foreach (var error in errors)
        {
            _logger.LogError("Configuration not loaded: {Error}", error);
        }
        return errors;
    }
}
