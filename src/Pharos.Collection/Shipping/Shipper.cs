using Microsoft.Extensions.Logging;

namespace Pharos.Collection.Shipping;

/// <summary>Ships lines as promtail.yml says, and begins anew with another file.</summary>
/// <remarks>Thread-safe as long as one thread at a time applies.</remarks>
public sealed class Shipper(ShipperSurroundings surroundings) : IAsyncDisposable
{
    private readonly ShipMetrics _metrics = new(surroundings.Meter);
    private readonly Stages.Measuring.StageMetrics _stageMetrics = new(surroundings.Meter, surroundings.Time);
    private ShipperRun? _run;
    private string? _fingerprint;

    /// <summary>What is shipped now, for people who ask.</summary>
    public IReadOnlyList<ShippedJob> Jobs => _run?.Jobs ?? [];

    /// <summary>Puts a configuration into effect; null stops shipping. One that says the same as before changes nothing.</summary>
    public async Task ApplyAsync(ShipperOptions? options)
    {
        if (options?.Fingerprint == _fingerprint && options is not null == _run is not null)
        {
            return;
        }
        await StopAsync().ConfigureAwait(false);
        if (options is null)
        {
            return;
        }
        _run = new ShipperRun(options, surroundings, _metrics, _stageMetrics);
        _fingerprint = options.Fingerprint;
        _run.Start();
        surroundings.Logger.LogInformation("Shipping {Jobs} jobs to {Clients} clients", options.Jobs.Count, options.Clients.Count);
    }

    public async ValueTask DisposeAsync() => await StopAsync().ConfigureAwait(false);

    private async Task StopAsync()
    {
        if (_run is { } run)
        {
            _run = null;
            _fingerprint = null;
            await run.DisposeAsync().ConfigureAwait(false);
        }
    }
}
