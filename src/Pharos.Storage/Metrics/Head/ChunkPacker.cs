using Pharos.Storage.Encoding;
using Pharos.Storage.Encoding.Vectors;

namespace Pharos.Storage.Metrics.Head;

/// <summary>Packs samples that are at hand at once into chunks.</summary>
internal static class ChunkPacker
{
    /// <summary>A chunk that grew sample by sample is full with this many: half an hour of 15-second scrapes.</summary>
    public const int MaxSamples = 120;

    /// <summary>Of fewer samples the columns' beginnings take more than they save.</summary>
    public const int MinVectorSamples = 8;

    /// <summary>A chunk of histograms is full with this many bytes, so that a short range need not unpack many.</summary>
    public const int MaxMixedBytes = 16 * 1024;

    /// <summary>Samples that are at hand at once make chunks of so many.</summary>
    private const int MaxVectorSamples = 1024;

    /// <summary>Packs samples in order, from one index (inclusive) to another (exclusive), into as many chunks as they need.</summary>
    public static List<HeadChunk> Pack(SampleBuffer samples, int from = 0, int to = int.MaxValue)
    {
        to = Math.Min(to, samples.Count);
        var chunks = new List<HeadChunk>();
        if (samples.HasHistograms || samples.HasStartTimes)
        {
            while (from < to)
            {
                chunks.Add(samples.SampleAt(from).IsPlain ? PackNumbers(samples, ref from, to) : PackMixed(samples, ref from, to));
            }
            return chunks;
        }
        for (; from < to; from += MaxVectorSamples)
        {
            chunks.Add(ToVector(samples, from, Math.Min(to, from + MaxVectorSamples)));
        }
        return chunks;
    }

    /// <summary>The plain numbers up to the first sample that is none.</summary>
    private static HeadChunk PackNumbers(SampleBuffer samples, ref int from, int to)
    {
        var start = from;
        var xor = new XorChunkWriter();
        for (; from < to && xor.Count < MaxSamples && samples.SampleAt(from).IsPlain; from++)
        {
            xor.Append(samples.Timestamps[from], samples.Values[from]);
        }
        if (xor.Count >= MinVectorSamples && ToVector(samples, start, from) is var vector && vector.Bytes.Length <= xor.SizeBytes)
        {
            return vector;
        }
        return new HeadChunk(ChunkKind.Xor, xor.ToArray(), xor.Count, xor.MinTimeMs, xor.MaxTimeMs);
    }

    private static HeadChunk PackMixed(SampleBuffer samples, ref int from, int to)
    {
        var mixed = new MixedChunkWriter();
        for (; from < to && mixed.Count < MaxSamples && mixed.SizeBytes < MaxMixedBytes; from++)
        {
            var sample = samples.SampleAt(from);
            mixed.Append(sample, sample.Histogram?.ResetHint ?? default);
        }
        return new HeadChunk(ChunkKind.Mixed, mixed.ToArray(), mixed.Count, mixed.MinTimeMs, mixed.MaxTimeMs);
    }

    private static HeadChunk ToVector(SampleBuffer samples, int from, int to)
    {
        var timestamps = samples.Timestamps[from..to];
        var packed = new ByteWriter();
        VectorChunk.Write(timestamps, samples.Values[from..to], packed);
        return new HeadChunk(ChunkKind.Vector, packed.Written.ToArray(), timestamps.Length, timestamps[0], timestamps[^1]);
    }
}
