using Pharos.Storage.Metrics;
using Pharos.Storage.Metrics.Log;
using Pharos.Storage.Model;

namespace Pharos.Collection.Tests.RemoteStorage;

/// <summary>A store of which only the log exists: a list of commits, each a position.</summary>
internal sealed class FakeLog : IMetricStore
{
    private readonly Lock _gate = new();
    private readonly List<MetricLogBatch> _commits = [];
    private readonly Dictionary<LabelSet, ulong> _references = [];

    public Dictionary<string, MetricMetadata> Families { get; } = new(StringComparer.Ordinal);

    public IReadOnlyDictionary<string, MetricMetadata> Metadata => Families;

    public int Readers { get; private set; }

    public void Commit(params (LabelSet Labels, long TimestampMs, double Value)[] samples) =>
        CommitAll([.. samples.Select(one => new LoggedSample(0, one.Labels, one.TimestampMs, one.Value, null, 0))], []);

    public void CommitAll(IReadOnlyList<LoggedSample> samples, IReadOnlyList<(LabelSet, Exemplar)> exemplars)
    {
        lock (_gate)
        {
            var batch = new MetricLogBatch();
            foreach (var sample in samples)
            {
                if (!_references.TryGetValue(sample.Labels, out var reference))
                {
                    _references[sample.Labels] = reference = (ulong)_references.Count + 1;
                }
                batch.Samples.Add(sample with { Reference = reference });
            }
            batch.Exemplars.AddRange(exemplars);
            _commits.Add(batch);
        }
    }

    public IMetricLogReader ReadLog(MetricLogPosition? from)
    {
        lock (_gate)
        {
            Readers++;
            return new Reader(this, (int)(from?.OffsetBytes ?? _commits.Count));
        }
    }

    public IMetricAppender Appender() => throw new NotSupportedException();

    public IMetricQuerier Querier(long minTimeMs, long maxTimeMs) => throw new NotSupportedException();

    public IReadOnlyList<ExemplarSeries> Exemplars(
        IReadOnlyList<IReadOnlyList<LabelMatcher>> selectors, long minTimeMs, long maxTimeMs, CancellationToken cancellation) =>
        throw new NotSupportedException();

    public void SetMetadata(string metricFamily, MetricMetadata metadata) => Families[metricFamily] = metadata;

    public void Delete(
        IReadOnlyList<LabelMatcher> matchers, long minTimeMs, long maxTimeMs, CancellationToken cancellation) =>
        throw new NotSupportedException();

    public void CleanTombstones(CancellationToken cancellation) => throw new NotSupportedException();

    public string Snapshot(bool skipHead, CancellationToken cancellation) => throw new NotSupportedException();

    public MetricStoreStatus Status(int topLimit) => new();

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    private sealed class Reader(FakeLog log, int next) : IMetricLogReader
    {
        private int _next = next;

        public MetricLogPosition Position => new(0, _next);

        public long LostSegments => 0;

        public bool TryRead(MetricLogBatch into)
        {
            into.Clear();
            lock (log._gate)
            {
                if (_next >= log._commits.Count)
                {
                    return false;
                }
                into.Samples.AddRange(log._commits[_next].Samples);
                into.Exemplars.AddRange(log._commits[_next].Exemplars);
                _next++;
                return true;
            }
        }

        public void Dispose() => log.Readers--;
    }
}
