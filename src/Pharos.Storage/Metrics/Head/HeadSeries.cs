using Pharos.Storage.Encoding;
using Pharos.Storage.Histograms;
using Pharos.Storage.Metrics.Deletion;
using Pharos.Storage.Model;

namespace Pharos.Storage.Metrics.Head;

/// <summary>One series of the head: its newest samples as full chunks and one open one.</summary>
/// <remarks>Every member takes the series' own lock (a leaf in the lock order) but for the fields that name another.
/// Samples are only ever added by the holder of the head's commit lock.</remarks>
internal sealed class HeadSeries(ulong id, LabelSet labels)
{
    private readonly Lock _lock = new();
    private HeadChunk[] _full = [];
    private OpenChunk _open;
    private CommitHistory _history;
    private LateSamples? _late;
    private TimeRanges? _deleted;
    private long _addedCount;
    private long _droppedCount;
    private double _lastValue;
    private long _chunkEndMs;

    public ulong Id { get; } = id;

    public LabelSet Labels { get; } = labels;

    /// <summary>Where an appender noted its newest pending sample of this series. Any appender overwrites it, so whoever
    /// reads it checks that the slot is its own.</summary>
    public int PendingSlot;

    /// <summary>Whether the log and the index know the series. Guarded by the head's commit lock.</summary>
    public bool IsLogged { get; set; }

    /// <summary>The series has left the head; an appender that still holds it looks its labels up again. Guarded by the
    /// head's commit lock.</summary>
    public bool IsRemoved { get; set; }

    /// <summary>What a sample would be now: <see cref="AppendResult.Ok"/> or why not.</summary>
    public AppendResult Check(in SeriesSample sample)
    {
        lock (_lock)
        {
            return CheckLocked(sample);
        }
    }

    /// <summary>Adds a sample as part of commit number <paramref name="commit"/>, if it is still in order.</summary>
    /// <param name="oldestReader">The oldest commit that some open view may still ask for.</param>
    /// <param name="windowMs">No chunk crosses a multiple of this length, so that a window can be sealed by whole chunks.</param>
    public AppendResult Append(in SeriesSample sample, long commit, long oldestReader, long windowMs)
    {
        lock (_lock)
        {
            var result = CheckLocked(sample);
            if (result != AppendResult.Ok)
            {
                return result;
            }
            var hint = sample.Histogram is { } next ? HistogramContinuity.HintOf(next, _open.LastHistogram) : default;
            if (_open.Count > 0 && (sample.TimestampMs >= _chunkEndMs || _open.IsFullFor(sample)))
            {
                CloseChunk();
            }
            if (_open.Count == 0)
            {
                _chunkEndMs = TimeWindow.End(sample.TimestampMs, windowMs);
            }
            _open.Append(sample, hint);
            _lastValue = sample.Value;
            _history.Add(commit, ++_addedCount, oldestReader);
            return AppendResult.Ok;
        }
    }

    /// <summary>Puts a full chunk back as a checkpoint kept it.</summary>
    public void Restore(HeadChunk chunk)
    {
        lock (_lock)
        {
            CloseChunk();
            _full = [.. _full, chunk];
            _addedCount += chunk.Count;
            _history.Add(1, _addedCount, 1);
        }
    }

    /// <summary>Packs the newest chunk of a checkpoint anew, so that it goes on where it was.</summary>
    public void Reopen(HeadChunk chunk, long windowMs)
    {
        var samples = new SampleBuffer();
        chunk.ReadRange(chunk.Count, long.MinValue, long.MaxValue, samples);
        lock (_lock)
        {
            CloseChunk();
            _chunkEndMs = TimeWindow.End(chunk.MinTimeMs, windowMs);
            for (var i = 0; i < samples.Count; i++)
            {
                var sample = samples.SampleAt(i);
                _open.Append(sample, sample.Histogram?.ResetHint ?? default);
                _lastValue = sample.Value;
            }
            _addedCount += samples.Count;
            _history.Add(1, _addedCount, 1);
        }
    }

    /// <summary>Whether some of it is, or was, deleted.</summary>
    public bool HasDeleted => Volatile.Read(ref _deleted) is not null;

    public bool HasLate => Volatile.Read(ref _late) is not null;

    /// <summary>What a sample that is out of order would be.</summary>
    public AppendResult CheckLate(in SeriesSample sample)
    {
        lock (_lock)
        {
            return _late?.Check(sample) ?? AppendResult.Ok;
        }
    }

    /// <summary>Adds a sample that is out of order as part of a commit.</summary>
    public AppendResult AppendLate(in SeriesSample sample, long commit)
    {
        lock (_lock)
        {
            _late ??= new LateSamples();
            var result = _late.Check(sample);
            if (result == AppendResult.Ok)
            {
                _late.Add(sample, commit);
            }
            return result;
        }
    }

    public int LateCount
    {
        get
        {
            lock (_lock)
            {
                return _late?.Count ?? 0;
            }
        }
    }

    /// <summary>The part of a range that the series has samples in; null for none. What comes later, and in order, is not in
    /// it.</summary>
    public TimeRange? DeletableIn(long minTimeMs, long maxTimeMs)
    {
        lock (_lock)
        {
            return ExtentLocked(out var firstMs, out var lastMs) && firstMs <= maxTimeMs && lastMs >= minTimeMs
                ? new TimeRange(Math.Max(minTimeMs, firstMs), Math.Min(maxTimeMs, lastMs)) : null;
        }
    }

    /// <summary>Hides the samples of a range, from every view.</summary>
    public void Hide(TimeRange range)
    {
        lock (_lock)
        {
            _deleted = _deleted?.With(range) ?? new TimeRanges(range);
        }
    }

    /// <summary>The series as a commit sees it.</summary>
    public HeadSeriesView View(long commit)
    {
        lock (_lock)
        {
            return new HeadSeriesView(_full, _open.Kind, _open.Buffer, _open.Count, _open.MinTimeMs, _open.MaxTimeMs,
                _history.CountAt(commit) - _droppedCount, _late?.At(commit) ?? LateSamples.None, _deleted);
        }
    }

    /// <summary>Drops every chunk that ends before <paramref name="beforeMs"/>; answers whether any sample is left.</summary>
    /// <param name="lateFromMs">Of the samples that came late only those from this time on are dropped, as far as
    /// <paramref name="lateCommit"/> could see them.</param>
    public bool DropBefore(long beforeMs, long lateFromMs, long lateCommit)
    {
        lock (_lock)
        {
            _late = _late?.Without(lateFromMs, beforeMs, lateCommit);
            _deleted = _deleted?.EndingAtOrAfter(_late is null ? beforeMs : long.MinValue);
            var drop = 0;
            while (drop < _full.Length && _full[drop].MaxTimeMs < beforeMs)
            {
                _droppedCount += _full[drop++].Count;
            }
            if (drop > 0)
            {
                _full = _full[drop..];
            }
            if (_full.Length == 0 && _open.Count > 0 && _open.MaxTimeMs < beforeMs)
            {
                _droppedCount += _open.Count;
                _open.Reset();
            }
            return _full.Length > 0 || _open.Count > 0 || _late is not null;
        }
    }

    public bool IsEmpty
    {
        get
        {
            lock (_lock)
            {
                return _full.Length == 0 && _open.Count == 0 && _late is null;
            }
        }
    }

    /// <summary>The inclusive times of the first and last sample, and what they take; false for a series without any.</summary>
    public bool Extent(out long minTimeMs, out long maxTimeMs, out int chunkCount, out long sizeBytes)
    {
        lock (_lock)
        {
            _ = ExtentLocked(out minTimeMs, out maxTimeMs);
            chunkCount = _full.Length + (_open.Count > 0 ? 1 : 0);
            sizeBytes = _open.SizeBytes + _full.Sum(static chunk => (long)chunk.Bytes.Length);
            return minTimeMs <= maxTimeMs;
        }
    }

    /// <summary>The time of the oldest sample from a time on, or the largest number where there is none. A chunk that begins
    /// before counts as beginning there.</summary>
    public long FirstTimeFrom(long fromMs)
    {
        lock (_lock)
        {
            var first = long.MaxValue;
            if (_full.Length > 0 || _open.Count > 0)
            {
                first = Math.Max(fromMs, _full.Length > 0 ? _full[0].MinTimeMs : _open.MinTimeMs);
            }
            foreach (var (sample, _) in _late?.At(long.MaxValue) ?? LateSamples.None)
            {
                if (sample.TimestampMs >= fromMs)
                {
                    first = Math.Min(first, sample.TimestampMs);
                }
            }
            return first;
        }
    }

    private bool ExtentLocked(out long minTimeMs, out long maxTimeMs)
    {
        minTimeMs = _full.Length > 0 ? _full[0].MinTimeMs : _open.Count > 0 ? _open.MinTimeMs : long.MaxValue;
        maxTimeMs = _open.Count > 0 ? _open.MaxTimeMs : _full.Length > 0 ? _full[^1].MaxTimeMs : long.MinValue;
        foreach (var (sample, _) in _late?.At(long.MaxValue) ?? LateSamples.None)
        {
            minTimeMs = Math.Min(minTimeMs, sample.TimestampMs);
            maxTimeMs = Math.Max(maxTimeMs, sample.TimestampMs);
        }
        return minTimeMs <= maxTimeMs;
    }

    private AppendResult CheckLocked(in SeriesSample sample)
    {
        long lastMs;
        if (_open.Count > 0)
        {
            lastMs = _open.MaxTimeMs;
        }
        else if (_full.Length > 0)
        {
            lastMs = _full[^1].MaxTimeMs;
        }
        else
        {
            return AppendResult.Ok;
        }
        if (sample.TimestampMs > lastMs)
        {
            return AppendResult.Ok;
        }
        if (sample.TimestampMs < lastMs)
        {
            return AppendResult.OutOfOrder;
        }
        return sample.IsSameAs(_open.LastHistogram, _lastValue) ? AppendResult.SameAsStored : AppendResult.DuplicateTimestamp;
    }

    private void CloseChunk()
    {
        if (_open.Count > 0)
        {
            _full = [.. _full, _open.ToChunk()];
            _open.Reset();
        }
    }
}
