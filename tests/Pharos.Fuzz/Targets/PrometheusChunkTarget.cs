using Pharos.Fuzz.Mutation;
using Pharos.Storage.Files;
using Pharos.Storage.Metrics;
using Pharos.Storage.PrometheusBlocks.Chunks;

namespace Pharos.Fuzz.Targets;

/// <summary>A chunk as Prometheus packs it: the encoding in a byte, then the chunk.</summary>
internal sealed class PrometheusChunkTarget : FuzzTarget
{
    public override string Name => "prometheus-chunk";

    public override InputForm Form => InputForm.Bytes;

    /// <summary>A sample takes two bits where nothing changes, and a histogram is made anew for each.</summary>
    public override long BytesPerInputByte => 20_000;

    public override IEnumerable<byte[]> MadeInputs() => ChunkInputs.Chunks().Select(static chunk => (byte[])[(byte)chunk.Encoding, .. chunk.Bytes.Span]);

    public override string Run(byte[] input)
    {
        if (input.Length == 0)
        {
            return "";
        }
        var encoding = (ChunkEncoding)input[0];
        var buffer = new SampleBuffer();
        try
        {
            ChunkCodec.Decode(encoding, input.AsSpan(1), long.MinValue, long.MaxValue, buffer, "chunk");
        }
        catch (CorruptFileException bad)
        {
            return $"{encoding}{Shape.Of(bad.Reason)}";
        }
        // What was read can be written again and reads the same.
        var chunks = new List<PrometheusChunk>();
        var again = new SampleBuffer();
        if (Ordered(buffer))
        {
            ChunkCodec.Encode(buffer, ChunkFormat.WithStartTimes, chunks);
            chunks.ForEach(chunk => ChunkCodec.Decode(chunk.Encoding, chunk.Bytes.Span, long.MinValue, long.MaxValue, again, "again"));
            if (again.Count != buffer.Count || !again.Timestamps.SequenceEqual(buffer.Timestamps))
            {
                throw new BrokenPromiseException($"{buffer.Count} samples were written and {again.Count} read");
            }
        }
        return $"{encoding}{Shape.Of(buffer.Count)}{buffer.HasStartTimes}";
    }

    private static bool Ordered(SampleBuffer buffer)
    {
        for (var i = 1; i < buffer.Count; i++)
        {
            if (buffer.Timestamps[i] <= buffer.Timestamps[i - 1])
            {
                return false;
            }
        }
        return true;
    }
}
