using System.Collections.Concurrent;
using Pharos.Storage.Encoding;
using Pharos.Storage.Index;
using Pharos.Storage.Metrics.Deletion;
using Pharos.Storage.Metrics.Exemplars;
using Pharos.Storage.Model;

namespace Pharos.Storage.Metrics.Head;

/// <summary>The newest samples of every active series, in memory.</summary>
/// <remarks>Thread-safe. Lock order: commit lock, creation lock, then a series' lock or the index' lock (leaves). Readers
/// take only leaves. Batches are applied one after the other under the commit lock, numbered, and seen by the views
/// (<see cref="ReadPoints"/>) that were opened after they were published.</remarks>
internal sealed class HeadBlock : IDisposable
{
    private readonly Lock _creationLock = new();
    private readonly ConcurrentDictionary<LabelSet, HeadSeries> _byLabels = new();
    private readonly SeriesTable _byId = new();
    private readonly long _windowMs;
    private readonly int _maxSeries;
    private ulong _lastId;
    private long _minValidMs = long.MinValue;
    private long _minTimeMs = long.MaxValue;
    private long _maxTimeMs = long.MinValue;
    private long _lastCommit = 1;
    private long _lateWindowMs;
    private volatile int _lateCount;
    private volatile bool _hasDeleted;

    public HeadBlock(long windowMs, int maxSeries, int maxExemplars)
    {
        Exemplars = new ExemplarBuffer(maxExemplars);
        _windowMs = windowMs;
        _maxSeries = maxSeries;
    }

    /// <summary>First in the lock order: held by whoever adds samples or removes series.</summary>
    public Lock CommitLock { get; } = new();

    public LabelIndex Index { get; } = new();

    public ExemplarBuffer Exemplars { get; }

    public int SeriesCount => _byId.Count;

    public ulong LastId => Volatile.Read(ref _lastId);

    /// <summary>Samples before this time are refused: their window is sealed, or is being sealed.</summary>
    public long MinValidMs
    {
        get => Volatile.Read(ref _minValidMs);
        set => Volatile.Write(ref _minValidMs, value);
    }

    /// <summary>The time of the oldest sample that ever came in order, sealed ones included; <see cref="long.MaxValue"/> before the
    /// first.</summary>
    public long MinTimeMs => Volatile.Read(ref _minTimeMs);

    /// <summary>The newest sample's time; <see cref="long.MinValue"/> before the first.</summary>
    public long MaxTimeMs => Volatile.Read(ref _maxTimeMs);

    /// <summary>How long before the newest sample one may come out of order; 0 for not at all.</summary>
    public long LateWindowMs
    {
        get => Volatile.Read(ref _lateWindowMs);
        set => Volatile.Write(ref _lateWindowMs, value);
    }

    /// <summary>Samples that came late and are not sealed.</summary>
    public int LateCount => _lateCount;

    /// <summary>Whether some series has deleted samples.</summary>
    public bool HasDeleted => _hasDeleted;

    public HeadSeries? Find(ulong id) => _byId.Find(id);

    public HeadSeries? Find(LabelSet labels) => _byLabels.GetValueOrDefault(labels);

    /// <summary>Every series, those of batches that are not committed yet among them.</summary>
    public IEnumerable<HeadSeries> AllSeries() => _byId.All();

    /// <summary>The series of a label set, made where it is new; null beyond the series limit.</summary>
    public HeadSeries? FindOrCreate(LabelSet labels)
    {
        if (_byLabels.TryGetValue(labels, out var found))
        {
            return found;
        }
        lock (_creationLock)
        {
            if (_byLabels.TryGetValue(labels, out found))
            {
                return found;
            }
            return _byId.Count >= _maxSeries ? null : Add(new HeadSeries(_lastId + 1, Index.Shared(labels)));
        }
    }

    /// <summary>Puts a series back under the id that the log knows it by, or answers the one that has its labels.</summary>
    public HeadSeries Restore(ulong id, LabelSet labels)
    {
        lock (_creationLock)
        {
            if (_byLabels.TryGetValue(labels, out var found))
            {
                return found;
            }
            var series = Add(new HeadSeries(id, Index.Shared(labels)) { IsLogged = true });
            Index.Add(id, series.Labels);
            return series;
        }
    }

    /// <summary>Ids up to this one are taken, even if no series has them any more.</summary>
    public void ReserveIds(ulong lastId)
    {
        lock (_creationLock)
        {
            _lastId = Math.Max(_lastId, lastId);
        }
    }

    /// <summary>Makes sure that each sample's series is still in the head, and tells which are new to the log. The caller
    /// holds <see cref="CommitLock"/>.</summary>
    public void Resolve(HeadBatch batch, List<HeadSeries> newSeries)
    {
        var series = batch.Series;
        for (var i = 0; i < series.Length; i++)
        {
            if (series[i].IsRemoved)
            {
                // At the limit the batch keeps the removed series; its samples are then dropped by Apply.
                series[i] = FindOrCreate(series[i].Labels) ?? series[i];
            }
            if (!series[i].IsLogged && !series[i].IsRemoved)
            {
                series[i].IsLogged = true;
                newSeries.Add(series[i]);
            }
        }
    }

    /// <summary>Adds a batch that is in the log. The caller holds <see cref="CommitLock"/> and publishes the answer.</summary>
    /// <returns>The commit's number, and how many samples another appender had made out of order meanwhile.</returns>
    public (long Commit, int DroppedCount) Apply(HeadBatch batch, List<HeadSeries> newSeries, long oldestReader)
    {
        foreach (var series in newSeries)
        {
            Index.Add(series.Id, series.Labels);
        }
        var commit = ++_lastCommit;
        var dropped = 0;
        var all = batch.Series;
        var late = 0;
        for (var i = 0; i < all.Length; i++)
        {
            var isLate = batch.Late is { } lateOnes && late < lateOnes.Count && lateOnes[late] == i;
            late += isLate ? 1 : 0;
            if (all[i].IsRemoved || !(isLate ? AppendLate(all[i], batch.SampleAt(i), commit)
                : AppendOne(all[i], batch.SampleAt(i), commit, oldestReader)))
            {
                dropped++;
            }
        }
        foreach (var (series, exemplar) in batch.Exemplars ?? [])
        {
            Exemplars.Add(series.Labels, exemplar);
        }
        return (commit, dropped);
    }

    /// <summary>Adds one sample that the log or a checkpoint holds; nobody reads yet.</summary>
    public bool Replay(HeadSeries series, in SeriesSample sample) => AppendOne(series, sample, 1, 1);

    /// <param name="isOpen">The series goes on in this chunk.</param>
    public void Replay(HeadSeries series, HeadChunk chunk, bool isOpen)
    {
        if (isOpen)
        {
            series.Reopen(chunk, _windowMs);
        }
        else
        {
            series.Restore(chunk);
        }
        _minTimeMs = Math.Min(_minTimeMs, chunk.MinTimeMs);
        _maxTimeMs = Math.Max(_maxTimeMs, chunk.MaxTimeMs);
    }

    public bool ReplayLate(HeadSeries series, in SeriesSample sample) => AppendLate(series, sample, 1);

    /// <summary>What <see cref="Hide"/> would hide of the matching series, as far as they have samples in the range. The caller
    /// holds <see cref="CommitLock"/> from here to there.</summary>
    public List<(HeadSeries Series, TimeRange Range)> Deletable(IReadOnlyList<LabelMatcher> matchers, long minTimeMs,
        long maxTimeMs, CancellationToken cancellation)
    {
        var ranges = new List<(HeadSeries, TimeRange)>();
        foreach (var id in Index.Select(matchers, cancellation))
        {
            if (Find(id) is { } series && series.DeletableIn(minTimeMs, maxTimeMs) is { } range)
            {
                ranges.Add((series, range));
            }
        }
        return ranges;
    }

    /// <summary>Hides samples from every view, at once.</summary>
    public void Hide(HeadSeries series, TimeRange range)
    {
        series.Hide(range);
        _hasDeleted = true;
    }

    /// <summary>Drops chunks that end before a time, and the series that have none left. The caller holds
    /// <see cref="CommitLock"/> and has made sure that no open view needs them.</summary>
    /// <param name="lateFromMs">Of the samples that came late only those from this time on are dropped, as far as
    /// <paramref name="lateCommit"/> could see them.</param>
    /// <returns>The number of series that left.</returns>
    public int DropBefore(long timeMs, long lateFromMs, long lateCommit)
    {
        var gone = _byId.All().Where(series => series.IsLogged && !series.DropBefore(timeMs, lateFromMs, lateCommit)).ToArray();
        _hasDeleted = _hasDeleted && _byId.All().Any(static series => series.HasDeleted);
        _lateCount = _byId.All().Where(static series => series.HasLate).Sum(static series => series.LateCount);
        if (gone.Length == 0)
        {
            return 0;
        }
        lock (_creationLock)
        {
            foreach (var series in gone)
            {
                series.IsRemoved = true;
                _byLabels.TryRemove(series.Labels, out _);
                _byId.Remove(series.Id);
            }
        }
        Index.Remove(gone.Select(static series => series.Id).ToHashSet(), gone.Select(static series => series.Labels));
        return gone.Length;
    }

    /// <summary>Removes series whose batch was never committed. The caller holds <see cref="CommitLock"/>.</summary>
    public void DropUncommitted()
    {
        lock (_creationLock)
        {
            foreach (var series in _byId.All().Where(static series => !series.IsLogged).ToArray())
            {
                series.IsRemoved = true;
                _byLabels.TryRemove(series.Labels, out _);
                _byId.Remove(series.Id);
            }
        }
    }

    /// <summary>Whether a sample that is out of order, or of a sealed window, is accepted all the same.</summary>
    public bool AcceptsLate(long timestampMs)
    {
        var windowMs = LateWindowMs;
        var newestMs = MaxTimeMs;
        return windowMs > 0 && (newestMs < long.MinValue + windowMs || timestampMs >= newestMs - windowMs);
    }

    public void Dispose() => Index.Dispose();

    private HeadSeries Add(HeadSeries series)
    {
        _lastId = Math.Max(_lastId, series.Id);
        _byId.Add(series);
        _byLabels[series.Labels] = series;
        return series;
    }

    private bool AppendLate(HeadSeries series, in SeriesSample sample, long commit)
    {
        if (series.AppendLate(sample, commit) != AppendResult.Ok)
        {
            return false;
        }
        _lateCount++;
        return true;
    }

    private bool AppendOne(HeadSeries series, in SeriesSample sample, long commit, long oldestReader)
    {
        if (sample.TimestampMs < _minValidMs
            || series.Append(sample, commit, oldestReader, _windowMs) != AppendResult.Ok)
        {
            return false;
        }
        if (sample.TimestampMs < _minTimeMs)
        {
            Volatile.Write(ref _minTimeMs, sample.TimestampMs);
        }
        if (sample.TimestampMs > _maxTimeMs)
        {
            Volatile.Write(ref _maxTimeMs, sample.TimestampMs);
        }
        return true;
    }
}
