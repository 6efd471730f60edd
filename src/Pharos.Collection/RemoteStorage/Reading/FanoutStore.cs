using System.Diagnostics.Metrics;
using Pharos.Storage.Metrics;
using Pharos.Storage.Metrics.Log;
using Pharos.Storage.Model;

namespace Pharos.Collection.RemoteStorage.Reading;

/// <summary>The local store, with the answers of the configured <c>remote_read</c> endpoints merged into what is read from it.</summary>
/// <remarks>Thread-safe. All else goes to the local store, which this one owns. A remote endpoint that fails is a warning of the
/// query. Prometheus: storage/fanout.go, storage/remote/read.go.</remarks>
public sealed class FanoutStore : IMetricStore
{
    /// <summary>Local data counts as complete this long after the start of its first block; without a block, this long from now,
    /// which is never. Prometheus: startTimeMargin, two head blocks.</summary>
    private const long StartMarginMs = 4 * 3600 * 1000;

    /// <summary>How long the time of the first local sample is remembered: to ask for it walks every series.</summary>
    private const long LocalStartSeconds = 60;

    private readonly IMetricStore _local;
    private readonly TimeProvider _time;
    private readonly string _userAgent;
    private readonly RemoteReadMetrics _metrics;
    private volatile RemoteReadClient[] _remotes = [];
    private long _localStartMs;
    private long _localStartUntil = long.MinValue;

    public FanoutStore(IMetricStore local, TimeProvider time, Meter meter, string userAgent)
    {
        _local = local;
        _time = time;
        _userAgent = userAgent;
        _metrics = new RemoteReadMetrics(meter, () => _remotes);
    }

    /// <summary>The store without what others add.</summary>
    public IMetricStore Local => _local;

    public IReadOnlyDictionary<string, MetricMetadata> Metadata => _local.Metadata;

    public StoreChanges? Changes => _remotes.Length == 0 ? _local.Changes : null;

    /// <summary>Makes these the endpoints that are asked. Queries under way end with the old ones.</summary>
    public void Apply(IReadOnlyList<RemoteReadOptions> entries)
    {
        // The clients before are left to the garbage collector: a query under way may still use them.
        _remotes = [.. entries.Select(entry => new RemoteReadClient(entry, _userAgent, _time, _metrics))];
    }

    public IMetricQuerier Querier(long minTimeMs, long maxTimeMs)
    {
        var remotes = _remotes;
        var local = _local.Querier(minTimeMs, maxTimeMs);
        if (remotes.Length == 0)
        {
            return local;
        }
        var localStartMs = LocalStartMs();
        var asked = new List<(RemoteReadClient Client, long MaxTimeMs)>();
        foreach (var remote in remotes)
        {
            if (remote.Options.ReadRecent || minTimeMs <= localStartMs)
            {
                asked.Add((remote, remote.Options.ReadRecent ? maxTimeMs : Math.Min(maxTimeMs, localStartMs)));
            }
        }
        return asked.Count == 0 ? local : new FanoutQuerier(local, asked, minTimeMs);
    }

    public IMetricAppender Appender() => _local.Appender();

    public IReadOnlyList<ExemplarSeries> Exemplars(
        IReadOnlyList<IReadOnlyList<LabelMatcher>> selectors, long minTimeMs, long maxTimeMs, CancellationToken cancellation) =>
        _local.Exemplars(selectors, minTimeMs, maxTimeMs, cancellation);

    public void SetMetadata(string metricFamily, MetricMetadata metadata) => _local.SetMetadata(metricFamily, metadata);

    public void Delete(
        IReadOnlyList<LabelMatcher> matchers, long minTimeMs, long maxTimeMs, CancellationToken cancellation) =>
        _local.Delete(matchers, minTimeMs, maxTimeMs, cancellation);

    public void CleanTombstones(CancellationToken cancellation) => _local.CleanTombstones(cancellation);

    public string Snapshot(bool skipHead, CancellationToken cancellation) => _local.Snapshot(skipHead, cancellation);

    public IMetricLogReader ReadLog(MetricLogPosition? from) => _local.ReadLog(from);

    public MetricStoreStatus Status(int topLimit) => _local.Status(topLimit);

    public ValueTask DisposeAsync()
    {
        foreach (var remote in _remotes)
        {
            remote.Dispose();
        }
        return _local.DisposeAsync();
    }

    private long LocalStartMs()
    {
        // Two threads may both look; they find the same.
        if (_time.GetTimestamp() >= Interlocked.Read(ref _localStartUntil))
        {
            var first = _local.Status(0).Blocks.Select(static block => block.MinTimeMs)
                .DefaultIfEmpty(_time.GetUtcNow().ToUnixTimeMilliseconds()).Min();
            Interlocked.Exchange(ref _localStartMs, first > long.MaxValue - StartMarginMs ? first : first + StartMarginMs);
            Interlocked.Exchange(ref _localStartUntil, _time.GetTimestamp() + (LocalStartSeconds * _time.TimestampFrequency));
        }
        return Interlocked.Read(ref _localStartMs);
    }
}
