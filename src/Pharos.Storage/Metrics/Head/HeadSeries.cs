using Pharos.Storage.Encoding;
using Pharos.Storage.Histograms;
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

    /// <summary>Appends the samples in the range (both ends inclusive) that commit <paramref name="commit"/> could see.</summary>
    public void Read(long commit, long minTimeMs, long maxTimeMs, SampleBuffer into)
    {
        var view = View(commit);
        var left = view.VisibleCount;
        foreach (var chunk in view.Full)
        {
            var count = (int)Math.Min(chunk.Count, left);
            if (count > 0 && chunk.MinTimeMs <= maxTimeMs && chunk.MaxTimeMs >= minTimeMs)
            {
                chunk.ReadRange(count, minTimeMs, maxTimeMs, into);
            }
            left -= count;
        }
        if (left > 0 && view.OpenBytes is not null && view.OpenMinTimeMs <= maxTimeMs)
        {
            var count = (int)Math.Min(view.OpenCount, left);
            ChunkReader.ReadRange(view.OpenKind, view.OpenBytes, count, minTimeMs, maxTimeMs, into);
        }
    }

    /// <summary>Whether a chunk with a sample that <paramref name="commit"/> could see overlaps the range.</summary>
    public bool HasChunkIn(long commit, long minTimeMs, long maxTimeMs)
    {
        var view = View(commit);
        var left = view.VisibleCount;
        foreach (var chunk in view.Full)
        {
            if (left <= 0)
            {
                return false;
            }
            if (chunk.MinTimeMs <= maxTimeMs && chunk.MaxTimeMs >= minTimeMs)
            {
                return true;
            }
            left -= chunk.Count;
        }
        return left > 0 && view.OpenCount > 0 && view.OpenMinTimeMs <= maxTimeMs && view.OpenMaxTimeMs >= minTimeMs;
    }

    /// <summary>Every chunk that begins before <paramref name="beforeMs"/>, as far as the commit could see it.</summary>
    public List<HeadChunk> Chunks(long commit, long beforeMs)
    {
        var view = View(commit);
        var chunks = new List<HeadChunk>();
        var left = view.VisibleCount;
        foreach (var chunk in view.Full)
        {
            if (left <= 0)
            {
                return chunks;
            }
            if (chunk.MinTimeMs < beforeMs)
            {
                chunks.Add(left >= chunk.Count ? chunk : chunk.Cut((int)left));
            }
            left -= chunk.Count;
        }
        if (left > 0 && view.OpenCount > 0 && view.OpenMinTimeMs < beforeMs)
        {
            var open = new HeadChunk(view.OpenKind, view.OpenBytes!, view.OpenCount, view.OpenMinTimeMs, view.OpenMaxTimeMs);
            chunks.Add(open.Cut((int)Math.Min(left, view.OpenCount)));
        }
        return chunks;
    }

    /// <summary>Drops every chunk that ends before <paramref name="beforeMs"/>; answers whether any sample is left.</summary>
    public bool DropBefore(long beforeMs)
    {
        lock (_lock)
        {
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
            return _full.Length > 0 || _open.Count > 0;
        }
    }

    public bool IsEmpty
    {
        get
        {
            lock (_lock)
            {
                return _full.Length == 0 && _open.Count == 0;
            }
        }
    }

    /// <summary>The inclusive times of the first and last sample, and what they take; false for a series without any.</summary>
    public bool Extent(out long minTimeMs, out long maxTimeMs, out int chunkCount, out long sizeBytes)
    {
        lock (_lock)
        {
            minTimeMs = _full.Length > 0 ? _full[0].MinTimeMs : _open.MinTimeMs;
            maxTimeMs = _open.Count > 0 ? _open.MaxTimeMs : _full.Length > 0 ? _full[^1].MaxTimeMs : 0;
            chunkCount = _full.Length + (_open.Count > 0 ? 1 : 0);
            sizeBytes = _open.SizeBytes + _full.Sum(static chunk => (long)chunk.Bytes.Length);
            return chunkCount > 0;
        }
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

    private SeriesView View(long commit)
    {
        lock (_lock)
        {
            return new SeriesView(_full, _open.Kind, _open.Buffer, _open.Count, _open.MinTimeMs, _open.MaxTimeMs,
                _history.CountAt(commit) - _droppedCount);
        }
    }

    /// <summary>What stays valid after the lock is released: full chunks never change, bits of the open one neither.</summary>
    private readonly record struct SeriesView(HeadChunk[] Full, ChunkKind OpenKind, byte[]? OpenBytes, int OpenCount,
        long OpenMinTimeMs, long OpenMaxTimeMs, long VisibleCount);
}
