using Pharos.Collection.Protobuf;
using Pharos.Collection.Receivers.RemoteWrite;
using Pharos.Storage.Metrics;
using Pharos.Storage.Model;
using Pharos.Storage.PrometheusBlocks.Chunks;

namespace Pharos.Collection.RemoteStorage.Reading;

/// <summary>Reads <c>prometheus.ReadResponse</c> and <c>prometheus.ChunkedReadResponse</c> of a request with one query.</summary>
/// <exception cref="InvalidDataException">The bytes are no such message.</exception>
internal static class ReadResponseMessage
{
    /// <summary>A series that is but named must not take the memory of one with samples.</summary>
    private const int FirstCapacity = 4;

    public static void ReadSamples(ReadOnlySpan<byte> message, List<ReadSeries> into)
    {
        var response = new ProtobufReader(message);
        while (response.Next(out var field))
        {
            if (field != 1)
            {
                response.Skip();
                continue;
            }
            var result = new ProtobufReader(response.Bytes());
            while (result.Next(out var inner))
            {
                if (inner == 1)
                {
                    into.Add(ReadTimeSeries(result.Bytes()));
                }
                else
                {
                    result.Skip();
                }
            }
        }
    }

    /// <summary>One frame. The chunks of a series may come in several frames, one after another.</summary>
    public static void ReadChunks(ReadOnlySpan<byte> message, ReadQuery query, string source, List<ReadSeries> into)
    {
        var response = new ProtobufReader(message);
        while (response.Next(out var field))
        {
            if (field == 1)
            {
                ReadChunkedSeries(response.Bytes(), query, source, into);
            }
            else
            {
                response.Skip();
            }
        }
    }

    private static ReadSeries ReadTimeSeries(ReadOnlySpan<byte> message)
    {
        var labels = new LabelSetBuilder();
        var samples = new SampleBuffer(FirstCapacity);
        var assembly = new HistogramAssembly();
        var series = new ProtobufReader(message);
        while (series.Next(out var field))
        {
            switch (field)
            {
                case 1:
                    AddLabel(labels, series.Bytes());
                    break;
                case 2:
                    AddSample(samples, series.Bytes());
                    break;
                case 4:
                    var (timestampMs, histogram, problem, _) = RemoteHistogram.Read(series.Bytes(), assembly);
                    samples.Add(timestampMs, 0, histogram ?? throw new InvalidDataException(problem), 0);
                    break;
                default:
                    series.Skip();
                    break;
            }
        }
        return new ReadSeries(labels.Build(), samples);
    }

    private static void ReadChunkedSeries(ReadOnlySpan<byte> message, ReadQuery query, string source, List<ReadSeries> into)
    {
        var labels = new LabelSetBuilder();
        var chunks = new List<(ChunkEncoding Encoding, byte[] Bytes)>();
        var series = new ProtobufReader(message);
        while (series.Next(out var field))
        {
            switch (field)
            {
                case 1:
                    AddLabel(labels, series.Bytes());
                    break;
                case 2:
                    chunks.Add(ReadChunk(series.Bytes()));
                    break;
                default:
                    series.Skip();
                    break;
            }
        }
        var set = labels.Build();
        if (into.Count == 0 || into[^1].Labels != set)
        {
            into.Add(new ReadSeries(set, new SampleBuffer(FirstCapacity)));
        }
        foreach (var (encoding, bytes) in chunks)
        {
            ChunkCodec.Decode(encoding, bytes, query.StartMs, query.EndMs, into[^1].Samples, source);
        }
    }

    private static (ChunkEncoding Encoding, byte[] Bytes) ReadChunk(ReadOnlySpan<byte> message)
    {
        var encoding = ChunkEncoding.None;
        byte[] bytes = [];
        var chunk = new ProtobufReader(message);
        while (chunk.Next(out var field))
        {
            switch (field)
            {
                case 3:
                    encoding = (ChunkEncoding)chunk.UInt64();
                    break;
                case 4:
                    bytes = chunk.Bytes().ToArray();
                    break;
                default:
                    chunk.Skip();
                    break;
            }
        }
        return (encoding, bytes);
    }

    private static void AddLabel(LabelSetBuilder labels, ReadOnlySpan<byte> message)
    {
        var (name, value) = ("", "");
        var label = new ProtobufReader(message);
        while (label.Next(out var field))
        {
            switch (field)
            {
                case 1:
                    name = label.Text();
                    break;
                case 2:
                    value = label.Text();
                    break;
                default:
                    label.Skip();
                    break;
            }
        }
        labels.Set(name, value);
    }

    private static void AddSample(SampleBuffer samples, ReadOnlySpan<byte> message)
    {
        var (value, timestampMs) = (0d, 0L);
        var sample = new ProtobufReader(message);
        while (sample.Next(out var field))
        {
            switch (field)
            {
                case 1:
                    value = sample.Double();
                    break;
                case 2:
                    timestampMs = sample.Int64();
                    break;
                default:
                    sample.Skip();
                    break;
            }
        }
        samples.Add(timestampMs, value);
    }
}
