using System.Buffers.Binary;
using Pharos.Storage.Files;
using Pharos.Storage.Histograms;
using Pharos.Storage.Metrics;

namespace Pharos.Storage.PrometheusBlocks.Chunks;

/// <summary>Packs and unpacks samples as Prometheus does, bit for bit: for its blocks and for remote read.</summary>
/// <remarks>Stateless and thread-safe.</remarks>
public static class ChunkCodec
{
    /// <summary>How many samples Prometheus' head puts into a chunk.</summary>
    public const int SamplesPerChunk = 120;

    /// <summary>Above it, the count of an encoding with start times holds the two bits of the counter reset.</summary>
    private const int SampleCountMask = 0x3fff;

    /// <summary>Appends the chunk's samples in [<paramref name="minTimeMs"/>, <paramref name="maxTimeMs"/>].</summary>
    /// <param name="source">Named in the exception: a file, or where else the bytes came from.</param>
    /// <param name="sourceOffset">Where in the source the bytes begin.</param>
    /// <exception cref="CorruptFileException">The encoding is unknown, or the bytes are no such chunk.</exception>
    public static void Decode(ChunkEncoding encoding, ReadOnlySpan<byte> bytes, long minTimeMs, long maxTimeMs,
        SampleBuffer into, string source, long sourceOffset = 0)
    {
        var header = HeaderBytes(encoding);
        if (header == 0)
        {
            throw new CorruptFileException(source, sourceOffset, $"a chunk of unknown encoding {(byte)encoding}");
        }
        if (bytes.Length < header)
        {
            throw new CorruptFileException(source, sourceOffset, $"a chunk of {bytes.Length} bytes");
        }
        var count = (int)BinaryPrimitives.ReadUInt16BigEndian(bytes);
        var reader = new BitReader(bytes[header..], source, sourceOffset + header);
        var range = (minTimeMs, maxTimeMs);
        switch (encoding)
        {
            case ChunkEncoding.Xor:
                XorChunk.Decode(reader, count, minTimeMs, maxTimeMs, into);
                break;
            case ChunkEncoding.Xor2:
                Xor2Chunk.Decode(reader, count, bytes[2], minTimeMs, maxTimeMs, into);
                break;
            case ChunkEncoding.Histogram or ChunkEncoding.FloatHistogram:
                HistogramChunkReader.Decode(reader, count, encoding == ChunkEncoding.Histogram,
                    (byte)(bytes[2] & ResetHeader.Mask), null, range, into);
                break;
            default:
                HistogramChunkReader.Decode(reader, count & SampleCountMask, encoding == ChunkEncoding.HistogramWithStart,
                    (byte)(bytes[0] & ResetHeader.Mask), bytes[2], range, into);
                break;
        }
    }

    /// <summary>How many samples a chunk says it has; 0 where it is too short to say.</summary>
    public static int Count(ChunkEncoding encoding, ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length < 2)
        {
            return 0;
        }
        var count = BinaryPrimitives.ReadUInt16BigEndian(bytes);
        return encoding is ChunkEncoding.HistogramWithStart or ChunkEncoding.FloatHistogramWithStart
            ? count & SampleCountMask : count;
    }

    /// <summary>Appends chunks that together hold all of <paramref name="samples"/>, which are of one series and in order.</summary>
    public static void Encode(SampleBuffer samples, ChunkFormat format, List<PrometheusChunk> into)
    {
        var histograms = samples.Histograms;
        NativeHistogram? before = null;
        for (var from = 0; from < samples.Count;)
        {
            var chunk = histograms.IsEmpty || histograms[from] is null
                ? EncodeNumbers(samples, from, format)
                : EncodeHistograms(samples, from, format, ref before);
            into.Add(chunk);
            from += chunk.Count;
            before = chunk.Encoding is ChunkEncoding.Xor or ChunkEncoding.Xor2 ? null : before;
        }
    }

    private static int HeaderBytes(ChunkEncoding encoding) => encoding switch
    {
        ChunkEncoding.Xor => XorChunk.HeaderBytes,
        ChunkEncoding.Xor2 => Xor2Chunk.HeaderBytes,
        >= ChunkEncoding.Histogram and <= ChunkEncoding.FloatHistogramWithStart => HistogramChunkReader.HeaderBytes,
        _ => 0,
    };

    private static PrometheusChunk EncodeNumbers(SampleBuffer samples, int from, ChunkFormat format)
    {
        var histograms = samples.Histograms;
        var end = Math.Min(from + SamplesPerChunk, samples.Count);
        for (var i = from; i < end && !histograms.IsEmpty; i++)
        {
            if (histograms[i] is not null)
            {
                end = i;
            }
        }
        var timestamps = samples.Timestamps[from..end];
        var values = samples.Values[from..end];
        var starts = samples.StartTimes.IsEmpty ? default : samples.StartTimes[from..end];
        return format == ChunkFormat.WithStartTimes
            ? Chunk(ChunkEncoding.Xor2, timestamps, Xor2Chunk.Encode(timestamps, values, starts))
            : Chunk(ChunkEncoding.Xor, timestamps, XorChunk.Encode(timestamps, values));
    }

    private static PrometheusChunk EncodeHistograms(
        SampleBuffer samples, int from, ChunkFormat format, ref NativeHistogram? before)
    {
        var run = HistogramRun.Take(samples.Histograms[from..], before, SamplesPerChunk);
        before = run.Histograms[^1];
        var end = from + run.Histograms.Count;
        var timestamps = samples.Timestamps[from..end];
        var starts = samples.StartTimes.IsEmpty ? default : samples.StartTimes[from..end];
        var withStarts = format == ChunkFormat.WithStartTimes;
        var encoding = (run.HasIntegerCounts, withStarts) switch
        {
            (true, false) => ChunkEncoding.Histogram,
            (true, true) => ChunkEncoding.HistogramWithStart,
            (false, false) => ChunkEncoding.FloatHistogram,
            _ => ChunkEncoding.FloatHistogramWithStart,
        };
        return Chunk(encoding, timestamps, HistogramChunkWriter.Encode(run, timestamps, starts, withStarts));
    }

    private static PrometheusChunk Chunk(ChunkEncoding encoding, ReadOnlySpan<long> timestamps, byte[] bytes) =>
        new(encoding, timestamps[0], timestamps[^1], timestamps.Length, bytes);
}
