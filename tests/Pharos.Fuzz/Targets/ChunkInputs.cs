using Pharos.Collection.RemoteStorage.Wire;
using Pharos.Storage.PrometheusBlocks.Chunks;

namespace Pharos.Fuzz.Targets;

/// <summary>Chunks as Prometheus packs them.</summary>
internal static class ChunkInputs
{
    private static readonly string[] Names = ["m1", "m2", "h1", "h2"];

    public static IEnumerable<PrometheusChunk> Chunks()
    {
        foreach (var format in new[] { ChunkFormat.Classic, ChunkFormat.WithStartTimes })
        {
            foreach (var name in Names)
            {
                var chunks = new List<PrometheusChunk>();
                ChunkCodec.Encode(SomeSamples.Series(name, 12), format, chunks);
                foreach (var chunk in chunks)
                {
                    yield return chunk;
                }
            }
        }
    }

    /// <summary><c>prometheus.ChunkedReadResponse</c>, one for each chunk.</summary>
    public static IEnumerable<byte[]> Frames()
    {
        foreach (var chunk in Chunks())
        {
            var frame = new ProtobufWriter();
            var series = frame.Begin(1);
            LabelMessages.WriteLabels(frame, 1, SomeSamples.Labels("m1", "a"));
            var message = frame.Begin(2);
            frame.Int64(1, chunk.MinTimeMs);
            frame.Int64(2, chunk.MaxTimeMs);
            frame.Int64(3, (long)chunk.Encoding);
            frame.Bytes(4, chunk.Bytes.Span);
            frame.End(message);
            frame.End(series);
            yield return frame.Written.ToArray();
        }
    }
}
