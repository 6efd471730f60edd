using Pharos.Fuzz.Mutation;
using Pharos.Storage.Encoding;
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
    }

    public override string Run(byte[] input)
    {
        if (input.Length < HeaderBytes)
        {
            return "";
        }
        var buffer = new SampleBuffer();
        var kind = (ChunkKind)(input[0] & 1);
        ChunkReader.ReadRange(kind, input.AsSpan(HeaderBytes), input[1] | (input[2] << 8), long.MinValue, long.MaxValue, buffer);
        return $"{kind}{Shape.Of(buffer.Count)}{buffer.HasHistograms}{buffer.HasStartTimes}";
    }
}
