using Pharos.Storage.Encoding.Vectors;
using Pharos.Storage.Metrics;

namespace Pharos.Storage.Encoding;

/// <summary>Unpacks a chunk of any kind.</summary>
internal static class ChunkReader
{
    /// <summary>Appends the first <paramref name="count"/> samples as far as they lie in the range (both ends inclusive).</summary>
    public static void ReadRange(ChunkKind kind, ReadOnlySpan<byte> bytes, int count, long minTimeMs, long maxTimeMs,
        SampleBuffer into)
    {
        if (kind == ChunkKind.Xor)
        {
            XorChunkReader.ReadRange(bytes, count, minTimeMs, maxTimeMs, into);
            return;
        }
        if (kind == ChunkKind.Step)
        {
            StepChunkReader.ReadRange(bytes, count, minTimeMs, maxTimeMs, into);
            return;
        }
        if (kind == ChunkKind.Vector)
        {
            VectorChunk.ReadRange(bytes, count, minTimeMs, maxTimeMs, into);
            return;
        }
        var reader = new MixedChunkReader(bytes, count);
        while (reader.Next() && reader.TimestampMs <= maxTimeMs)
        {
            if (reader.TimestampMs >= minTimeMs)
            {
                var sample = reader.Current;
                into.Add(sample.TimestampMs, sample.Value, sample.Histogram, sample.StartTimeMs);
            }
        }
    }
}
