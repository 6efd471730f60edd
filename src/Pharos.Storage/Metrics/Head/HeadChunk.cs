using Pharos.Storage.Encoding;
using Pharos.Storage.Metrics.Deletion;

namespace Pharos.Storage.Metrics.Head;

/// <summary>A full chunk of one series: packed samples, never changed again. Both times are inclusive.</summary>
internal sealed record HeadChunk(ChunkKind Kind, byte[] Bytes, int Count, long MinTimeMs, long MaxTimeMs)
{
    public void ReadRange(int count, long minTimeMs, long maxTimeMs, SampleBuffer into) =>
        ChunkReader.ReadRange(Kind, Bytes, count, minTimeMs, maxTimeMs, into);

    /// <summary>The chunk without deleted samples: one chunk, or none where all are deleted.</summary>
    public IEnumerable<HeadChunk> Without(TimeRanges deleted)
    {
        var samples = new SampleBuffer();
        ReadRange(Count, long.MinValue, long.MaxValue, samples);
        deleted.Apply(samples, 0);
        return ChunkPacker.Pack(samples);
    }

    /// <summary>A chunk of the first samples of this one.</summary>
    public HeadChunk Cut(int count)
    {
        var samples = new SampleBuffer(count);
        ReadRange(count, long.MinValue, long.MaxValue, samples);
        return ChunkPacker.Pack(samples) is [var whole] ? whole : throw new InvalidOperationException("a part of a chunk is one chunk");
    }
}
