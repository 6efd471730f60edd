using Pharos.Fuzz.Mutation;
using Pharos.Storage.Encoding;
using Pharos.Storage.Encoding.Vectors;
using Pharos.Storage.Files;
using Pharos.Storage.Histograms;
using Pharos.Storage.Metrics;

namespace Pharos.Fuzz.Targets;

/// <summary>A chunk of the store behind its checksum: its kind, its number of samples in two bytes, its bits.</summary>
internal sealed class StoreChunkTarget : FuzzTarget
{
    private const int HeaderBytes = 3;

    public override string Name => "store-chunk";

    public override InputForm Form => InputForm.Bytes;

    /// <summary>What is read beyond the end is zeros, and samples may be made of them: as many as the count says.</summary>
    public override long BaseBytes => 64L << 20;

    public override long BytesPerInputByte => 100_000;

    public override IEnumerable<byte[]> MadeInputs()
    {
        var numbers = new XorChunkWriter();
        var mixed = new MixedChunkWriter();
        for (var tick = 0; tick < 12; tick++)
        {
            foreach (var (labels, sample) in SomeSamples.At(1_700_000_000_000 + (tick * 15_000L), tick))
            {
                if (labels.MetricName == "m1")
                {
                    numbers.Append(sample.TimestampMs, sample.Value);
                }
                if (labels.MetricName == "h1")
                {
                    mixed.Append(sample, CounterResetHint.Unknown);
                }
            }
        }
        yield return [(byte)ChunkKind.Xor, (byte)numbers.Count, 0, .. numbers.ToArray()];
        yield return [(byte)ChunkKind.Mixed, (byte)mixed.Count, 0, .. mixed.ToArray()];
        long[] times = [.. Enumerable.Range(0, 40).Select(static i => (i * 15_000L) + (i % 7))];
        foreach (var value in (Func<int, double>[])[
            static _ => 5, static i => i / 100.0, static i => i % 9 == 8 ? double.NaN : i * 3, static i => Math.Sin(i) * 1e9])
        {
            var vector = new ByteWriter();
            VectorChunk.Write(times, [.. times.Select((_, i) => value(i))], vector);
            yield return [(byte)ChunkKind.Vector, (byte)times.Length, 0, .. vector.Written];
        }
    }

    public override string Run(byte[] input)
    {
        if (input.Length < HeaderBytes)
        {
            return "";
        }
        var buffer = new SampleBuffer();
        var kind = (ChunkKind)(input[0] % 3);
        try
        {
            ChunkReader.ReadRange(kind, input.AsSpan(HeaderBytes), input[1] | (input[2] << 8), long.MinValue, long.MaxValue, buffer);
        }
        catch (CorruptFileException refused)
        {
            return Shape.Of(refused.Message);
        }
        return $"{kind}{Shape.Of(buffer.Count)}{buffer.HasHistograms}{buffer.HasStartTimes}";
    }
}
