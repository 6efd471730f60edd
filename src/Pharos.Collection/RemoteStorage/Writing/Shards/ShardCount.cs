namespace Pharos.Collection.RemoteStorage.Writing.Shards;

/// <summary>Decides how many shards a queue needs: enough that what comes in, and a share of what waits, goes out in time.</summary>
/// <remarks>The rule is Prometheus' (storage/remote/queue_manager.go, calculateDesiredShards). The rates are thread-safe;
/// <see cref="Decide"/> is called by one thread.</remarks>
internal sealed class ShardCount(RemoteWriteQueueOptions options)
{
    public static readonly TimeSpan Interval = TimeSpan.FromSeconds(10);

    /// <summary>The share of the backlog that is to be worked off each second.</summary>
    private const double BacklogShare = 0.05;

    /// <summary>A queue that is further behind keeps its shards.</summary>
    private const double MaxDelaySeconds = 10;

    /// <summary>Differences below this part of the present number change nothing.</summary>
    private const double Tolerance = 0.3;

    public RateAverage Incoming { get; } = new();

    public RateAverage Dropped { get; } = new();

    public RateAverage Outgoing { get; } = new();

    /// <summary>Seconds that shards spent on sending.</summary>
    public RateAverage Sending { get; } = new();

    public double Desired { get; private set; } = options.MinShards;

    /// <param name="delaySeconds">By how much the newest sent sample lags behind the newest one.</param>
    public int Decide(int current, double delaySeconds)
    {
        Incoming.Tick(Interval);
        Dropped.Tick(Interval);
        Outgoing.Tick(Interval);
        Sending.Tick(Interval);
        var sent = Outgoing.PerSecond;
        if (sent <= 0)
        {
            return current;
        }
        var wanted = Incoming.PerSecond * (sent / (Dropped.PerSecond + sent));
        var backlog = BacklogShare * Math.Max(0, delaySeconds) * wanted;
        Desired = Sending.PerSecond / sent * (wanted + backlog);
        var whole = Math.Ceiling(Desired);
        if (whole >= current * (1 - Tolerance) && whole <= current * (1 + Tolerance))
        {
            return current;
        }
        if (whole < current && delaySeconds > MaxDelaySeconds)
        {
            // Fewer shards while behind would only put it further behind.
            return current;
        }
        return (int)Math.Clamp(whole, options.MinShards, options.MaxShards);
    }
}
