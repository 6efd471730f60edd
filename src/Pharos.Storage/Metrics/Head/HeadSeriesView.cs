using Pharos.Storage.Encoding;
using Pharos.Storage.Metrics.Deletion;

namespace Pharos.Storage.Metrics.Head;

/// <summary>A series of the head as a commit sees it.</summary>
/// <remarks>Stays valid after the series' lock is released: full chunks and late samples never change, bits of the open chunk
/// neither.</remarks>
/// <param name="VisibleCount">How many of the samples in order the commit can see, from the oldest on.</param>
/// <param name="Late">The samples that came out of order.</param>
/// <param name="Deleted">Null for nothing.</param>
internal readonly record struct HeadSeriesView(HeadChunk[] Full, ChunkKind OpenKind, byte[]? OpenBytes, int OpenCount,
    long OpenMinTimeMs, long OpenMaxTimeMs, long VisibleCount, ArraySegment<(SeriesSample Sample, long Commit)> Late,
    TimeRanges? Deleted)
{
    /// <summary>Appends the samples in the range (both ends inclusive).</summary>
    /// <param name="inOrderFromMs">Before this time only samples that came late are wanted; all others are sealed.</param>
    public void Read(long inOrderFromMs, long minTimeMs, long maxTimeMs, SampleBuffer into)
    {
        var start = into.Count;
        foreach (var (sample, _) in Late)
        {
            if (sample.TimestampMs >= minTimeMs && sample.TimestampMs <= maxTimeMs)
            {
                into.Add(sample.TimestampMs, sample.Value, sample.Histogram, sample.StartTimeMs);
            }
        }
        var hasLate = into.Count > start;
        if (maxTimeMs >= inOrderFromMs)
        {
            ReadInOrder(Math.Max(minTimeMs, inOrderFromMs), maxTimeMs, into);
        }
        if (hasLate)
        {
            SampleOrder.Restore(into, start);
        }
        Deleted?.Apply(into, start);
    }

    /// <summary>Whether a chunk, or a late sample, overlaps the range.</summary>
    /// <param name="inOrderFromMs">As for reading.</param>
    public bool HasChunkIn(long inOrderFromMs, long minTimeMs, long maxTimeMs)
    {
        foreach (var (sample, _) in Late)
        {
            if (sample.TimestampMs >= minTimeMs && sample.TimestampMs <= maxTimeMs)
            {
                return true;
            }
        }
        minTimeMs = Math.Max(minTimeMs, inOrderFromMs);
        var left = VisibleCount;
        foreach (var chunk in Full)
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
        return left > 0 && OpenCount > 0 && OpenMinTimeMs <= maxTimeMs && OpenMaxTimeMs >= minTimeMs;
    }

    /// <summary>Every chunk of samples in order that begins before a time, without what is deleted.</summary>
    public List<HeadChunk> Chunks(long beforeMs)
    {
        var chunks = AllChunks(beforeMs);
        if (Deleted is not { } deleted || !chunks.Exists(chunk => deleted.Overlaps(chunk.MinTimeMs, chunk.MaxTimeMs)))
        {
            return chunks;
        }
        return [.. chunks.SelectMany(chunk =>
            deleted.Overlaps(chunk.MinTimeMs, chunk.MaxTimeMs) ? chunk.Without(deleted) : [chunk])];
    }

    /// <summary>The samples that came late in a range (both ends inclusive), sorted, without what is deleted.</summary>
    public SampleBuffer LateIn(long minTimeMs, long maxTimeMs)
    {
        var samples = new SampleBuffer();
        Read(long.MaxValue, minTimeMs, Math.Min(maxTimeMs, long.MaxValue - 1), samples);
        return samples;
    }

    private void ReadInOrder(long minTimeMs, long maxTimeMs, SampleBuffer into)
    {
        var left = VisibleCount;
        foreach (var chunk in Full)
        {
            var count = (int)Math.Min(chunk.Count, left);
            if (count > 0 && chunk.MinTimeMs <= maxTimeMs && chunk.MaxTimeMs >= minTimeMs)
            {
                chunk.ReadRange(count, minTimeMs, maxTimeMs, into);
            }
            left -= count;
        }
        if (left > 0 && OpenBytes is not null && OpenMinTimeMs <= maxTimeMs)
        {
            ChunkReader.ReadRange(OpenKind, OpenBytes, (int)Math.Min(OpenCount, left), minTimeMs, maxTimeMs, into);
        }
    }

    private List<HeadChunk> AllChunks(long beforeMs)
    {
        var chunks = new List<HeadChunk>();
        var left = VisibleCount;
        foreach (var chunk in Full)
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
        if (left > 0 && OpenCount > 0 && OpenMinTimeMs < beforeMs)
        {
            var open = new HeadChunk(OpenKind, OpenBytes!, OpenCount, OpenMinTimeMs, OpenMaxTimeMs);
            chunks.Add(open.Cut((int)Math.Min(left, OpenCount)));
        }
        return chunks;
    }
}
