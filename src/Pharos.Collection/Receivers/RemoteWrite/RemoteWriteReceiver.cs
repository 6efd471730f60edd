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

    private readonly KnownSeries _known = new();
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
        return new RemoteWriteOutcome(false, batch.Samples, batch.Histograms, batch.Exemplars, batch.Refused, batch.Reason);
    }

    private void AppendV1(ReadOnlySpan<byte> request, RemoteWriteBatch batch)
    {
        var series = new RemoteSeries();
        var histogram = new HistogramAssembly();
        var fields = new ProtobufReader(request);
        while (fields.Next(out var field))
        {
            switch (field)
            {
                case WriteRequestV1.SeriesField:
                    AppendSeriesV1(fields.Bytes(), series, histogram, batch);
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
    }

    /// <summary>A series whose labels came before, byte by byte, needs no label work.</summary>
    private void AppendSeriesV1(ReadOnlySpan<byte> message, RemoteSeries series, HistogramAssembly histogram, RemoteWriteBatch batch)
    {
        if (!WriteRequestV1.TryReadSamples(message, series, out var labels))
        {
            WriteRequestV1.ReadSeries(message, series, histogram);
            batch.Append(series);
            return;
        }
        var hash = _known.HashOf(labels);
        if (_known.Find(hash) is var known and not 0)
        {
            if (batch.AppendKnown(known, series, labels))
            {
                return;
            }
            WriteRequestV1.TryReadSamples(message, series, out labels);
        }
        WriteRequestV1.ReadLabels(labels, series);
        if (batch.Append(series, out var reference) && reference != 0)
        {
            _known.Remember(hash, reference);
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
