using Pharos.Storage.Encoding;
using Pharos.Storage.Index;
using Pharos.Storage.Metrics.Deletion;
using Pharos.Storage.Metrics.Exemplars;
using Pharos.Storage.Metrics.Head.Memory;
using Pharos.Storage.Model;

namespace Pharos.Storage.Metrics.Head;

/// <summary>The newest samples of every active series, in memory.</summary>
/// <remarks>Thread-safe. Lock order: commit lock, creation lock, then a page's lock or the index' lock (leaves). Readers
/// take only leaves. Batches are applied one after the other under the commit lock, numbered, and seen by the views
/// (<see cref="ReadPoints"/>) that were opened after they were published.</remarks>
internal sealed class HeadBlock : IDisposable
{
    private readonly Lock _creationLock = new();
    private readonly SeriesTable _series;
    private readonly int _maxSeries;
    private ulong _lastId;
    private long _minValidMs = long.MinValue;
    private long _minTimeMs = long.MaxValue;
    private long _maxTimeMs = long.MinValue;
    private long _lastCommit = 1;
    private long _lateWindowMs;
    private volatile int _departures;
    private volatile int _lateCount;
    private volatile bool _hasDeleted;

    public HeadBlock(long windowMs, int maxSeries, int maxExemplars)
    {
        Exemplars = new ExemplarBuffer(maxExemplars);
        _series = new SeriesTable(Index, windowMs);
        Selections = new SelectionCache(Index, _series);
        WindowMs = windowMs;
        _maxSeries = maxSeries;
        Leavers = new LeavingSeries(FreeSlots);
    }

    /// <summary>The length of the windows that the head is sealed by.</summary>
    public long WindowMs { get; }

    /// <summary>First in the lock order: held by whoever adds samples or removes series.</summary>
    public Lock CommitLock { get; } = new();

    public LabelIndex Index { get; } = new();

    public SelectionCache Selections { get; }

    public ExemplarBuffer Exemplars { get; }

    /// <summary>Series that were removed while some batch may still hold them.</summary>
    public LeavingSeries Leavers { get; }

    public SeriesTable Series => _series;

    /// <summary>Rises when series leave, or when the log turns out not to know some.</summary>
    public int Departures => _departures;

    /// <summary>Rises with each batch that is added.</summary>
    public long LastCommit => Volatile.Read(ref _lastCommit);

    /// <summary>Where the bytes of full chunks are.</summary>
    public ChunkArena Chunks => _series.Writer.Memory.Chunks;

    public int SeriesCount => _series.Count;

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

    public HeadSeries? Find(ulong id) => _series.Find(id) is var slot and >= 0 ? new HeadSeries(_series, slot, id) : null;

    public HeadSeries? Find(LabelSet labels)
    {
        lock (_creationLock)
        {
            return _series.Find(labels) is var slot and >= 0 ? At(slot) : null;
        }
    }

    /// <summary>Every series, those of batches that are not committed yet among them.</summary>
    public IEnumerable<HeadSeries> AllSeries() => _series.All();

    /// <summary>The series that are wanted, sorted by their labels; for the head's upkeep, while no series leaves.</summary>
    public HeadSeries[] SortedSeries(Func<HeadSeries, bool> isWanted)
    {
        var sorted = _series.All().Where(isWanted).ToArray();
        SeriesOrder.Sort(sorted, Index);
        return sorted;
    }

    /// <summary>The series of a label set, made where it is new; null beyond the series limit.</summary>
    public HeadSeries? FindOrCreate(LabelSet labels)
    {
        lock (_creationLock)
        {
            if (_series.Find(labels) is var found and >= 0)
            {
                return At(found);
            }
            return _series.Count >= _maxSeries ? null : At(_series.Add(++_lastId, labels, SeriesFlags.None));
        }
    }

    /// <summary>Puts a series back under the id that the log knows it by, or answers the one that has its labels.</summary>
    public HeadSeries Restore(ulong id, LabelSet labels)
    {
        lock (_creationLock)
        {
            if (_series.Find(labels) is var found and >= 0)
            {
                return At(found);
            }
            _lastId = Math.Max(_lastId, id);
            var slot = _series.Add(id, labels, SeriesFlags.IsLogged);
            Index.Add(id, _series.PairsAt(slot));
            return At(slot);
        }
    }

    /// <summary>Puts a series of a checkpoint back, whose pairs are held already; false where its id is taken.</summary>
    /// <param name="labelHash">That of its label set.</param>
    public HeadSeries? Restore(ulong id, ReadOnlySpan<uint> pairs, int labelHash)
    {
        lock (_creationLock)
        {
            if (_series.Find(id) >= 0)
            {
                return null;
            }
            _lastId = Math.Max(_lastId, id);
            return At(_series.Add(id, pairs, labelHash, SeriesFlags.IsLogged));
        }
    }

    /// <summary>Puts a full chunk of a checkpoint back; false where its file is not there, or ends before it.</summary>
    public bool Replay(HeadSeries series, in ChunkPlace chunk, double lastValue)
    {
        if (!_series.Writer.Adopt(_series.PageOf(series.Slot), SeriesTable.IndexOf(series.Slot), chunk, lastValue))
        {
            return false;
        }
        WidenTo(chunk.MinTimeMs, chunk.MaxTimeMs);
        return true;
    }

    /// <summary>Ids up to this one are taken, even if no series has them any more.</summary>
    public void ReserveIds(ulong lastId)
    {
        lock (_creationLock)
        {
            _lastId = Math.Max(_lastId, lastId);
        }
    }

    /// <summary>Makes sure that each sample's series is still in the head and the sample in order, and tells which series are new to
    /// the log. The caller holds <see cref="CommitLock"/>.</summary>
    public void Resolve(HeadBatch batch, List<HeadSeries> newSeries)
    {
        ResolveSeries(batch, newSeries);
        if (batch.BegunAt != (_lastCommit, _minValidMs))
        {
            batch.MarkOvertaken(_series, _minValidMs);
        }
    }

    private void ResolveSeries(HeadBatch batch, List<HeadSeries> newSeries)
    {
        if (!batch.HasNewSeries && batch.Departures == _departures)
        {
            return;
        }
        var slots = batch.Slots;
        for (var i = 0; i < slots.Length; i++)
        {
            ref var state = ref _series.StateOf(slots[i]);
            if (state.Has(SeriesFlags.IsRemoved) && FindOrCreate(_series.LabelsAt(slots[i])) is { } again)
            {
                slots[i] = again.Slot;
                batch.Ids[i] = again.Id;
                state = ref _series.StateOf(again.Slot);
            }

            // At the limit the batch keeps the removed series; its samples are then dropped by Apply.
            if (!state.Has(SeriesFlags.IsLogged | SeriesFlags.IsRemoved))
            {
                SetLogged(At(slots[i]), true);
                newSeries.Add(At(slots[i]));
            }
        }
    }

    /// <summary>Takes back that the log knows series.</summary>
    public void Unresolve(List<HeadSeries> newSeries)
    {
        foreach (var series in newSeries)
        {
            SetLogged(series, false);
        }
        if (newSeries.Count > 0)
        {
            // Batches that were made meanwhile believe that the log knows these series: they must look once more.
            _departures++;
        }
    }

    /// <summary>Adds a batch that is in the log. The caller holds <see cref="CommitLock"/> and publishes the answer.</summary>
    /// <param name="readers">The commits that open views ask for, and one that opens now.</param>
    /// <returns>The commit's number, and how many samples another appender had made out of order meanwhile.</returns>
    public (long Commit, int DroppedCount) Apply(HeadBatch batch, List<HeadSeries> newSeries, (long Oldest, long Newest) readers)
    {
        foreach (var series in newSeries)
        {
            Index.Add(series.Id, _series.PairsAt(series.Slot));
        }
        var scope = new CommitScope(++_lastCommit, readers.Oldest, readers.Newest);
        var slots = batch.Slots;
        var dropped = 0;
        for (var from = 0; from < slots.Length;)
        {
            // A run of samples of one page takes its lock once.
            var number = slots[from] >> SeriesPage.Bits;
            var to = from + 1;
            while (to < slots.Length && slots[to] >> SeriesPage.Bits == number)
            {
                to++;
            }
            var page = _series.PageOf(slots[from]);
            lock (page.Lock)
            {
                page.TrimCommits(scope);
                dropped += ApplyRun(page, batch, from, to, scope);
            }
            from = to;
        }
        foreach (var (series, exemplar) in batch.Exemplars ?? [])
        {
            Exemplars.Add(series.Labels, exemplar);
        }
        return (scope.Number, dropped);
    }

    /// <summary>Adds one sample that the log or a checkpoint holds; nobody reads yet.</summary>
    public bool Replay(HeadSeries series, in SeriesSample sample)
    {
        if (sample.TimestampMs < _minValidMs
            || !_series.Writer.TryAppend(_series.PageOf(series.Slot), SeriesTable.IndexOf(series.Slot), sample, CommitScope.Replay))
        {
            return false;
        }
        WidenTo(sample.TimestampMs, sample.TimestampMs);
        return true;
    }

    /// <param name="isOpen">The series goes on in this chunk.</param>
    public void Replay(HeadSeries series, HeadChunk chunk, bool isOpen)
    {
        var page = _series.PageOf(series.Slot);
        if (isOpen)
        {
            _series.Writer.Reopen(page, SeriesTable.IndexOf(series.Slot), chunk);
        }
        else
        {
            _series.Writer.Restore(page, SeriesTable.IndexOf(series.Slot), chunk);
        }
        WidenTo(chunk.MinTimeMs, chunk.MaxTimeMs);
    }

    public bool ReplayLate(HeadSeries series, in SeriesSample sample) =>
        AppendLate(_series.PageOf(series.Slot), SeriesTable.IndexOf(series.Slot), sample, commit: 1);

    /// <summary>Hides what a series has in a range from every view, at once; what comes there later is seen. The caller holds
    /// <see cref="CommitLock"/>.</summary>
    public void Hide(HeadSeries series, TimeRange range)
    {
        var page = _series.PageOf(series.Slot);
        lock (page.Lock)
        {
            _lateCount -= SeriesWriter.Hide(page, SeriesTable.IndexOf(series.Slot), range);
        }
        _hasDeleted = true;
    }

    /// <summary>Drops chunks that end before a time, and the series that have none left. The caller holds
    /// <see cref="CommitLock"/> and has made sure that no open view needs them.</summary>
    /// <param name="lateFromMs">Of the samples that came late only those from this time on are dropped, as far as
    /// <paramref name="lateCommit"/> could see them.</param>
    /// <returns>The number of series that left.</returns>
    public int DropBefore(long timeMs, long lateFromMs, long lateCommit)
    {
        var gone = new List<int>();
        var lateCount = 0;
        var hasDeleted = false;
        foreach (var series in _series.All().Where(static series => series.IsLogged))
        {
            var page = _series.PageOf(series.Slot);
            var index = SeriesTable.IndexOf(series.Slot);
            lock (page.Lock)
            {
                if (!_series.Writer.DropBefore(page, index, timeMs, lateFromMs, lateCommit))
                {
                    gone.Add(series.Slot);
                }
                else if (page.PartsOf(index) is { } parts)
                {
                    lateCount += parts.Late?.Count ?? 0;
                    hasDeleted |= parts.Deleted is not null;
                }
            }
        }
        _hasDeleted = hasDeleted;
        _lateCount = lateCount;
        if (gone.Count > 0)
        {
            var pairs = new HashSet<uint>();
            using var ids = new IdSet();
            foreach (var slot in gone)
            {
                ids.Add(_series.StateOf(slot).Id);
                foreach (var pair in _series.PairsAt(slot))
                {
                    pairs.Add(pair);
                }
            }
            Leave(gone);
            Index.Remove(ids, pairs);
        }
        Leavers.TryFree();
        return gone.Count;
    }

    /// <summary>Removes series whose batch was never committed. The caller holds <see cref="CommitLock"/>.</summary>
    public void DropUncommitted()
    {
        lock (_creationLock)
        {
            Leave([.. _series.All().Where(static series => !series.IsLogged).Select(static series => series.Slot)]);
        }
        Leavers.TryFree();
    }

    /// <summary>Whether a sample that is out of order, or of a sealed window, is accepted all the same.</summary>
    public bool AcceptsLate(long timestampMs)
    {
        var windowMs = LateWindowMs;
        var newestMs = MaxTimeMs;
        return windowMs > 0 && (newestMs < long.MinValue + windowMs || timestampMs >= newestMs - windowMs);
    }

    public void Dispose() => Index.Dispose();

    private HeadSeries At(int slot) => new(_series, slot, _series.StateOf(slot).Id);

    private void SetLogged(HeadSeries series, bool isLogged)
    {
        lock (_series.PageOf(series.Slot).Lock)
        {
            _series.StateOf(series.Slot).Set(SeriesFlags.IsLogged, isLogged);
        }
    }

    private int ApplyRun(SeriesPage page, HeadBatch batch, int from, int to, in CommitScope scope)
    {
        var dropped = 0;
        var isPlain = !batch.HasHistograms && !batch.HasStartTimes && batch.Late is null;
        if (isPlain)
        {
            return ApplyPlainRun(page, batch.Slots[from..to], batch.Timestamps[from..to], batch.Values[from..to], scope);
        }
        for (var i = from; i < to; i++)
        {
            var index = SeriesTable.IndexOf(batch.Slots[i]);
            var sample = batch.SampleAt(i);
            if (page.States[index].Has(SeriesFlags.IsRemoved))
            {
                dropped++;
            }
            else if (batch.Late?.BinarySearch(i) >= 0)
            {
                dropped += AppendLate(page, index, sample, scope.Number) ? 0 : 1;
            }
            else if (sample.TimestampMs >= _minValidMs && _series.Writer.TryAppend(page, index, sample, scope))
            {
                WidenTo(sample.TimestampMs, sample.TimestampMs);
            }
            else
            {
                dropped++;
            }
        }
        return dropped;
    }

    private int ApplyPlainRun(SeriesPage page, ReadOnlySpan<int> slots, ReadOnlySpan<long> timestamps, ReadOnlySpan<double> values,
        in CommitScope scope)
    {
        var dropped = 0;
        var minValidMs = _minValidMs;
        var (minMs, maxMs) = (long.MaxValue, long.MinValue);
        for (var i = 0; i < slots.Length; i++)
        {
            var timestampMs = timestamps[i];
            if (timestampMs >= minValidMs && _series.Writer.TryAppend(page, SeriesTable.IndexOf(slots[i]), timestampMs, values[i], scope))
            {
                minMs = Math.Min(minMs, timestampMs);
                maxMs = Math.Max(maxMs, timestampMs);
            }
            else
            {
                dropped++;
            }
        }
        WidenTo(minMs, maxMs);
        return dropped;
    }

    /// <summary>Notes that there are samples of these times. The caller holds <see cref="CommitLock"/>, or is alone.</summary>
    public void WidenTo(long minMs, long maxMs)
    {
        if (minMs < _minTimeMs)
        {
            Volatile.Write(ref _minTimeMs, minMs);
        }
        if (maxMs > _maxTimeMs)
        {
            Volatile.Write(ref _maxTimeMs, maxMs);
        }
    }

    private bool AppendLate(SeriesPage page, int index, in SeriesSample sample, long commit)
    {
        if (!SeriesWriter.TryAppendLate(page, index, sample, commit))
        {
            return false;
        }
        _lateCount++;
        return true;
    }

    private void Leave(List<int> slots)
    {
        lock (_creationLock)
        {
            foreach (var slot in slots)
            {
                var page = _series.PageOf(slot);
                lock (page.Lock)
                {
                    page.States[SeriesTable.IndexOf(slot)].Flags |= SeriesFlags.IsRemoved;
                    _series.Writer.DropAll(page, SeriesTable.IndexOf(slot));
                }
                _series.Unlink(slot);
            }
        }
        Leavers.Add(slots);

        // Last, so that whoever sees the new number finds none of them any more.
        _departures++;
    }

    private void FreeSlots(IReadOnlyList<int> slots)
    {
        lock (_creationLock)
        {
            foreach (var slot in slots)
            {
                _series.Free(slot);
            }
        }
    }
}
