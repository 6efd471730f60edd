namespace Pharos.Collection.RemoteStorage.Writing.Shards;

/// <summary>An exponentially weighted rate per second, as Prometheus smooths what decides the number of shards.</summary>
internal sealed class RateAverage
{
    // Prometheus, storage/remote/queue_manager.go: ewmaWeight.
    private const double Weight = 0.2;

    private readonly Lock _lock = new();
    private double _events;
    private bool _started;

    public double PerSecond { get; private set; }

    /// <summary>Thread-safe against <see cref="Tick"/> and itself.</summary>
    public void Add(double events)
    {
        lock (_lock)
        {
            _events += events;
        }
    }

    public void Tick(TimeSpan since)
    {
        lock (_lock)
        {
            var rate = _events / since.TotalSeconds;
            PerSecond = _started ? PerSecond + (Weight * (rate - PerSecond)) : rate;
            _started = true;
            _events = 0;
        }
    }
}
