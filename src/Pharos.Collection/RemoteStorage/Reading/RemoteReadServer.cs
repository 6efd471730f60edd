using System.Buffers.Binary;
using System.Diagnostics.Metrics;
using Pharos.Collection.RemoteStorage.Wire;
using Pharos.Storage.Encoding;
using Pharos.Storage.Metrics;
using Pharos.Storage.Model;
using Pharos.Storage.PrometheusBlocks.Chunks;
using Pharos.Storage.Text;
using Snappier;
using MatchType = Pharos.Storage.Model.MatchType;

namespace Pharos.Collection.RemoteStorage.Reading;

/// <summary>Answers remote reads: with samples, or with a stream of chunks in Prometheus' own encodings.</summary>
/// <remarks>Thread-safe. External labels are those of this server: a matcher for one of them is met by every series that has
/// no such label, and the answer carries them. Prometheus: storage/remote/read_handler.go.</remarks>
public sealed class RemoteReadServer : IDisposable
{
    /// <summary>Bounds what one request may unpack to. Prometheus: decodeReadLimit.</summary>
    private const int MaxUnpackedBytes = 32 * 1024 * 1024;

    private readonly IMetricStore _store;
    private readonly Func<LabelSet> _externalLabels;
    private readonly RemoteReadLimits _limits;
    private readonly SemaphoreSlim? _gate;
    private int _queries;

    public RemoteReadServer(IMetricStore store, Func<LabelSet> externalLabels, RemoteReadLimits limits, Meter meter)
    {
        _store = store;
        _externalLabels = externalLabels;
        _limits = limits;
        _gate = limits.Concurrency > 0 ? new SemaphoreSlim(limits.Concurrency) : null;
        meter.CreateObservableGauge(
            "prometheus_remote_read_handler_queries", () => Volatile.Read(ref _queries), null,
            "Remote reads that are being answered or wait for their turn.");
    }

    /// <summary>Asked with the samples that an answer has come to: a text says why it goes no further. Any thread.</summary>
    public Func<long, string?> Refusal { get; init; } = static _ => null;

    /// <summary>Runs <paramref name="answer"/> once fewer requests than the limit are being answered.</summary>
    public async Task TakeTurnAsync(Func<Task> answer, CancellationToken cancellation)
    {
        Interlocked.Increment(ref _queries);
        try
        {
            await (_gate?.WaitAsync(cancellation) ?? Task.CompletedTask).ConfigureAwait(false);
            try
            {
                await answer().ConfigureAwait(false);
            }
            finally
            {
                _gate?.Release();
            }
        }
        finally
        {
            Interlocked.Decrement(ref _queries);
        }
    }

    /// <exception cref="RemoteReadException">The body is no request that can be answered.</exception>
    public RemoteReadAnswer Answer(ReadOnlySpan<byte> compressed)
    {
        var (queries, accepted) = Understand(compressed);
        var external = _externalLabels();
        var type = Choose(accepted);
        return new RemoteReadAnswer(type, type is ReadResponseType.Samples
            ? (output, cancellation) => WriteSamplesAsync(queries, external, output, cancellation)
            : (output, cancellation) => WriteChunksAsync(queries, external, output, cancellation));
    }

    public void Dispose() => _gate?.Dispose();

    private static (IReadOnlyList<ReadQuery> Queries, IReadOnlyList<ulong> Accepted) Understand(ReadOnlySpan<byte> compressed)
    {
        try
        {
            return ReadRequestMessage.Read(SnappyBlock.Unpack(compressed, MaxUnpackedBytes));
        }
        catch (GoRegexException e)
        {
            throw new RemoteReadException(500, e.Message, e);
        }
        catch (InvalidDataException e)
        {
            throw new RemoteReadException(400, e.Message, e);
        }
    }

    private static ReadResponseType Choose(IReadOnlyList<ulong> accepted)
    {
        foreach (var type in accepted)
        {
            if (type <= (ulong)ReadResponseType.StreamedXorChunks)
            {
                return (ReadResponseType)type;
            }
        }
        return accepted.Count == 0 ? ReadResponseType.Samples : throw new RemoteReadException(
            400, $"server does not support any of the requested response types: [{string.Join(' ', accepted)}]; "
                + "supported: map[SAMPLES:{} STREAMED_XOR_CHUNKS:{}]");
    }

    private async Task WriteSamplesAsync(
        IReadOnlyList<ReadQuery> queries, LabelSet external, Stream output, CancellationToken cancellation)
    {
        var writer = new ProtobufWriter();
        var buffer = new SampleBuffer();
        var all = 0L;
        foreach (var query in queries)
        {
            var result = writer.Begin(1);
            var count = 0L;
            using var querier = _store.Querier(query.StartMs, query.EndMs);
            foreach (var series in Select(querier, query, external, cancellation))
            {
                cancellation.ThrowIfCancellationRequested();
                buffer.Clear();
                series.Read(query.StartMs, query.EndMs, buffer);
                count += buffer.Count;
                all += buffer.Count;
                RefuseIfTooMany(all);
                if (_limits.Samples > 0 && count > _limits.Samples)
                {
                    throw new RemoteReadException(400, $"exceeded sample limit ({_limits.Samples})");
                }
                if (buffer.Count > 0)
                {
                    WriteSeries(writer, Complete(series.Labels, external), buffer);
                }
            }
            writer.End(result);
        }
        await output.WriteAsync(Snappy.CompressToArray(writer.Written), cancellation).ConfigureAwait(false);
    }

    private void RefuseIfTooMany(long samples)
    {
        if (Refusal(samples) is { } reason)
        {
            throw new RemoteReadException(503, reason);
        }
    }

    private static void WriteSeries(ProtobufWriter writer, LabelSet labels, SampleBuffer samples)
    {
        var message = writer.Begin(1);
        LabelMessages.WriteLabels(writer, 1, labels);
        var histograms = samples.Histograms;
        for (var i = 0; i < samples.Count; i++)
        {
            if (!histograms.IsEmpty && histograms[i] is { } histogram)
            {
                HistogramMessage.Write(writer, 4, histogram, samples.Timestamps[i], startTimeMs: 0);
            }
            else
            {
                LabelMessages.WriteSample(writer, 2, samples.Values[i], samples.Timestamps[i]);
            }
        }
        writer.End(message);
    }

    private async Task WriteChunksAsync(
        IReadOnlyList<ReadQuery> queries, LabelSet external, Stream output, CancellationToken cancellation)
    {
        var buffer = new SampleBuffer();
        var chunks = new List<PrometheusChunk>();
        var all = 0L;
        for (var i = 0; i < queries.Count; i++)
        {
            var query = queries[i];
            using var querier = _store.Querier(query.StartMs, query.EndMs);
            foreach (var series in Select(querier, query, external, cancellation))
            {
                buffer.Clear();
                chunks.Clear();
                series.Read(query.StartMs, query.EndMs, buffer);
                all += buffer.Count;
                RefuseIfTooMany(all);
                ChunkCodec.Encode(buffer, ChunkFormat.Classic, chunks);
                await WriteFramesAsync(Complete(series.Labels, external), chunks, i, output, cancellation).ConfigureAwait(false);
            }
        }
    }

    /// <summary>A frame holds chunks of one series; one that would grow too large is followed by another.</summary>
    private async Task WriteFramesAsync(
        LabelSet labels, List<PrometheusChunk> chunks, int queryIndex, Stream output, CancellationToken cancellation)
    {
        var message = new ProtobufWriter();
        var frame = new ProtobufWriter();
        for (var next = 0; next < chunks.Count;)
        {
            message.Clear();
            var series = message.Begin(1);
            LabelMessages.WriteLabels(message, 1, labels);
            do
            {
                WriteChunk(message, chunks[next++]);
            }
            while (next < chunks.Count && message.Length < _limits.MaxBytesInFrame);
            message.End(series);
            message.Int64(2, queryIndex);
            frame.Clear();
            frame.Varint((ulong)message.Length);
            Checksum(frame, message);
            frame.Raw(message.Written);
            await output.WriteAsync(frame.Written.ToArray(), cancellation).ConfigureAwait(false);
        }
    }

    private static void Checksum(ProtobufWriter frame, ProtobufWriter message)
    {
        Span<byte> checksum = stackalloc byte[sizeof(uint)];
        BinaryPrimitives.WriteUInt32BigEndian(checksum, Crc32C.Of(message.Written));
        frame.Raw(checksum);
    }

    private static void WriteChunk(ProtobufWriter writer, PrometheusChunk chunk)
    {
        var message = writer.Begin(2);
        writer.Int64(1, chunk.MinTimeMs);
        writer.Int64(2, chunk.MaxTimeMs);
        writer.Int64(3, (long)chunk.Encoding);
        writer.Bytes(4, chunk.Bytes.Span);
        writer.End(message);
    }

    /// <summary>A query that selects nothing gets nothing.</summary>
    private static IReadOnlyList<IStoredSeries> Select(
        IMetricQuerier querier, ReadQuery query, LabelSet external, CancellationToken cancellation) =>
        query.Matchers.Count == 0 ? [] : querier.Select(Local(query.Matchers, external), cancellation);

    /// <summary>What is stored here has no external labels: who asks for one of them by its value asks for all of it.</summary>
    private static List<LabelMatcher> Local(IReadOnlyList<LabelMatcher> matchers, LabelSet external) =>
        [.. matchers.Select(matcher => matcher.Type is MatchType.Equal && external[matcher.Name] == matcher.Value
            ? new LabelMatcher(MatchType.Equal, matcher.Name, "") : matcher)];

    private static LabelSet Complete(LabelSet labels, LabelSet external)
    {
        if (external.Count == 0)
        {
            return labels;
        }
        var builder = new LabelSetBuilder(external);
        foreach (var label in labels.Span)
        {
            builder.Set(label.Name, label.Value);
        }
        return builder.Build();
    }
}
