using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using Pharos.Collection.Protobuf;
using Pharos.Collection.RemoteStorage.Writing;
using Pharos.Storage.Encoding;
using Pharos.Storage.Metrics;

namespace Pharos.Collection.Receivers.RemoteWrite;

/// <summary>Stores what <c>POST /api/v1/write</c> carries: protocol 1.0 or 2.0, snappy-compressed protobuf.</summary>
/// <remarks>Thread-safe: every request is a batch of its own. Good samples are stored beside refused ones.</remarks>
public sealed class RemoteWriteReceiver
{
    /// <summary>Bounds what one request may unpack to; a small body can claim any length. Prometheus: maxDecodedSize.</summary>
    public const int MaxUnpackedBytes = 32 * 1024 * 1024;

    /// <summary>40 kB each; more than so many requests are rarely read at the same time.</summary>
    private const int MaxKeptBlocks = 16;

    private readonly KnownSeries _known = new();
    private readonly ConcurrentQueue<SampleBlock> _blocks = [];
    private readonly IMetricStore _store;
    private readonly TimeProvider _time;
    private readonly Counter<long> _samples;
    private readonly Counter<long> _refused;
    private readonly Counter<long> _invalidLabels;

    public RemoteWriteReceiver(IMetricStore store, TimeProvider time, Meter meter)
    {
        _store = store;
        _time = time;
        _samples = meter.CreateCounter<long>(
            "pharos_remote_write_received_samples_total", description: "Samples stored that came by remote write.");
        _refused = meter.CreateCounter<long>(
            "pharos_remote_write_refused_samples_total", description: "Samples that came by remote write and were not stored.");
        _invalidLabels = meter.CreateCounter<long>(
            "prometheus_api_remote_write_invalid_labels_samples_total",
            description: "Samples that came by remote write and were rejected because their labels are invalid.");
    }

    /// <summary>Protocol 2.0 tells a series' type and unit: they become labels of it (<c>type-and-unit-labels</c>).</summary>
    public bool TypeAndUnitLabels { get; init; }

    /// <summary>A request's message out of its body, in a buffer that the caller gives back by disposing it.</summary>
    /// <returns>Null where <paramref name="fault"/> says what is wrong with the body.</returns>
    public static PooledBytes? Unpack(ReadOnlySpan<byte> compressed, out string fault)
    {
        try
        {
            fault = "";
            return SnappyBlock.UnpackPooled(compressed, MaxUnpackedBytes);
        }
        catch (InvalidDataException e)
        {
            fault = e.Message;
            return null;
        }
    }

    /// <exception cref="IOException">The store's log cannot be written; nothing of the request is stored.</exception>
    public RemoteWriteOutcome Receive(ReadOnlySpan<byte> request, RemoteWriteMessage message)
    {
        try
        {
            return Store(request, message);
        }
        catch (InvalidDataException e)
        {
            return RemoteWriteOutcome.Broken(e.Message);
        }
    }

    private RemoteWriteOutcome Store(ReadOnlySpan<byte> request, RemoteWriteMessage message)
    {
        using var appender = _store.Appender();
        var batch = new RemoteWriteBatch(appender, message, _time.GetUtcNow().ToUnixTimeMilliseconds());
        if (message == RemoteWriteMessage.V2)
        {
            AppendV2(request, batch);
        }
        else
        {
            AppendV1(request, batch);
        }
        appender.Commit();
        _samples.Add(batch.Samples + batch.Histograms);
        _refused.Add(batch.Refused);
        _invalidLabels.Add(batch.InvalidLabels);
        return new RemoteWriteOutcome(false, batch.Samples, batch.Histograms, batch.Exemplars, batch.Refused, batch.Reason)
        {
            IsOverloaded = batch.IsOverloaded,
        };
    }

    private void AppendV1(ReadOnlySpan<byte> request, RemoteWriteBatch batch)
    {
        var series = new RemoteSeries();
        var histogram = new HistogramAssembly();
        var block = _blocks.TryDequeue(out var used) ? used : new SampleBlock();
        var fields = new ProtobufReader(request);
        while (fields.Next(out var field))
        {
            switch (field)
            {
                case WriteRequestV1.SeriesField:
                    var message = fields.Bytes();
                    if (!TryAdd(block, message, request.Length - fields.Remaining - message.Length, batch))
                    {
                        AppendV1(block, request, series, histogram, batch);
                        WriteRequestV1.ReadSeries(message, series, histogram);
                        batch.Append(series);
                    }
                    else if (block.IsFull)
                    {
                        AppendV1(block, request, series, histogram, batch);
                    }
                    break;
                case WriteRequestV1.MetadataField:
                    if (WriteRequestV1.ReadMetadata(fields.Bytes()) is ({ Length: > 0 } family, var metadata))
                    {
                        _store.SetMetadata(family, metadata);
                    }
                    break;
                default:
                    fields.Skip();
                    break;
            }
        }
        AppendV1(block, request, series, histogram, batch);
        Return(block);
    }

    /// <summary>Adds a series that is plain, and whose samples need no look at the clock.</summary>
    private bool TryAdd(SampleBlock block, ReadOnlySpan<byte> message, int start, RemoteWriteBatch batch)
    {
        var before = block.Count;
        var at = FindKnown(message, ref block.Expected, out var hash, out var reference);
        if (at < 0)
        {
            return false;
        }
        while (at < message.Length)
        {
            if (block.IsFull || !PlainSeries.TrySample(message, ref at, out var timestampMs, out var value) || batch.IsAhead(timestampMs))
            {
                block.Cut(before);
                return false;
            }
            block.Add(start, message.Length, hash, reference, timestampMs, value);
        }
        return true;
    }

    /// <summary>Where the series is the expected one, its labels are not even stepped over: their hash says that they are the same.</summary>
    /// <returns>Where the samples begin; -1 where the series is not plain.</returns>
    private int FindKnown(ReadOnlySpan<byte> message, ref int expected, out UInt128 hash, out ulong reference)
    {
        var length = _known.LengthAt(expected);
        if (length > 0 && PlainSeries.HasSampleAt(message, length))
        {
            hash = _known.HashOf(message[..length]);
            reference = _known.FindExpected(hash, ref expected);
            if (reference != 0)
            {
                return length;
            }
        }
        length = PlainSeries.LabelsLength(message);
        hash = length < 0 ? default : _known.HashOf(message[..length]);
        reference = length < 0 ? 0 : _known.Find(hash, ref expected);
        return length;
    }

    /// <summary>Appends what was gathered. Only series that are new, or of which something is to be said, are read.</summary>
    private void AppendV1(SampleBlock block, ReadOnlySpan<byte> request, RemoteSeries series, HistogramAssembly histogram, RemoteWriteBatch batch)
    {
        var read = -1;
        for (var i = batch.AppendKnown(block) ? block.Count : 0; i < block.Count; i++)
        {
            var result = block.ResultAt(i);
            if (RemoteWriteBatch.IsStored(result))
            {
                continue;
            }
            var isRead = read >= 0 && block.IsOfSameSeries(read, i);
            if (!isRead)
            {
                WriteRequestV1.ReadSeries(request[block.MessageAt(i)], series, histogram);
                read = i;
            }
            if (result != AppendResult.UnknownSeries)
            {
                batch.NoteRefused(block, i, series);
            }
            else if (!isRead && batch.Append(series, out var reference) && reference != 0)
            {
                block.Learn(i, reference);
            }
        }
        block.Finish(_known);
    }

    private void Return(SampleBlock block)
    {
        if (_blocks.Count < MaxKeptBlocks)
        {
            _blocks.Enqueue(block);
        }
    }

    private void AppendV2(ReadOnlySpan<byte> request, RemoteWriteBatch batch)
    {
        var series = new RemoteSeries();
        var histogram = new HistogramAssembly();
        var reader = new WriteRequestV2(request);
        var fields = new ProtobufReader(request);
        while (fields.Next(out var field))
        {
            if (field != WriteRequestV2.SeriesField)
            {
                fields.Skip();
                continue;
            }
            reader.ReadSeries(fields.Bytes(), series, histogram);
            if (TypeAndUnitLabels)
            {
                series.Describe();
            }
            if (batch.Append(series) && series.Metadata is { } metadata)
            {
                _store.SetMetadata(RemoteMetricTypes.FamilyOf(series.Labels.MetricName, metadata), metadata);
            }
        }
    }
}
