using System.Diagnostics.Metrics;
using Pharos.Storage.Metrics;
using Pharos.Storage.Model;
using Snappier;

namespace Pharos.Collection.Receivers.RemoteWrite;

/// <summary>Stores what <c>POST /api/v1/write</c> carries: protocol 1.0, snappy-compressed protobuf.</summary>
/// <remarks>Thread-safe: every request is a batch of its own. Good samples are stored beside refused ones.</remarks>
public sealed class RemoteWriteReceiver
{
    /// <summary>Bounds what one request may unpack to; a small body can claim any length.</summary>
    private const int MaxUnpackedBytes = 256 * 1024 * 1024;

    // MetricMetadata.MetricType of prompb/types.proto, in its order.
    private static readonly string[] MetricTypes =
        ["unknown", "counter", "gauge", "histogram", "gaugehistogram", "summary", "info", "stateset"];

    private readonly IMetricStore _store;
    private readonly Counter<long> _samples;
    private readonly Counter<long> _refused;

    public RemoteWriteReceiver(IMetricStore store, Meter meter)
    {
        _store = store;
        _samples = meter.CreateCounter<long>(
            "pharos_remote_write_received_samples_total", description: "Samples stored that came by remote write.");
        _refused = meter.CreateCounter<long>(
            "pharos_remote_write_refused_samples_total", description: "Samples that came by remote write and were not stored.");
    }

    /// <exception cref="IOException">The store's log cannot be written; nothing of the request is stored.</exception>
    public RemoteWriteOutcome Receive(ReadOnlySpan<byte> compressed)
    {
        byte[] message;
        try
        {
            var length = Snappy.GetUncompressedLength(compressed);
            if (length > MaxUnpackedBytes)
            {
                return new RemoteWriteOutcome(true, 0, 0, $"snappy: decoded block is larger than {MaxUnpackedBytes} bytes");
            }
            message = Snappy.DecompressToArray(compressed);
        }
        catch (Exception e) when (e is InvalidDataException or ArgumentException or OverflowException)
        {
            return new RemoteWriteOutcome(true, 0, 0, "snappy: corrupt input");
        }
        try
        {
            return Store(message);
        }
        catch (InvalidDataException e)
        {
            return new RemoteWriteOutcome(true, 0, 0, e.Message);
        }
    }

    private RemoteWriteOutcome Store(ReadOnlySpan<byte> message)
    {
        using var appender = _store.Appender();
        var tally = default(Tally);
        var request = new ProtobufReader(message);
        while (request.Next(out var field))
        {
            switch (field)
            {
                case 1:
                    AppendSeries(appender, request.Bytes(), ref tally);
                    break;
                case 3:
                    KeepMetadata(request.Bytes());
                    break;
                default:
                    request.Skip();
                    break;
            }
        }
        appender.Commit();
        _samples.Add(tally.Accepted);
        _refused.Add(tally.Refused);
        return new RemoteWriteOutcome(false, tally.Accepted, tally.Refused, tally.Reason ?? "");
    }

    private static void AppendSeries(IMetricAppender appender, ReadOnlySpan<byte> message, ref Tally tally)
    {
        var builder = new LabelSetBuilder();
        var samples = new List<Sample>();
        var series = new ProtobufReader(message);
        while (series.Next(out var field))
        {
            switch (field)
            {
                case 1:
                    AddLabel(builder, series.Bytes());
                    break;
                case 2:
                    samples.Add(ReadSample(series.Bytes()));
                    break;
                default:
                    series.Skip();
                    break;
            }
        }
        var labels = builder.Build();
        var reference = 0UL;
        foreach (var sample in samples)
        {
            var result = appender.Append(ref reference, labels, sample.TimestampMs, sample.Value);
            if (result is AppendResult.Ok or AppendResult.SameAsStored)
            {
                tally.Accepted++;
            }
            else
            {
                tally.Refused++;
                tally.Reason ??= $"{Describe(result)}: series {labels}, timestamp {sample.TimestampMs}";
            }
        }
    }

    private static void AddLabel(LabelSetBuilder builder, ReadOnlySpan<byte> message)
    {
        var name = "";
        var value = "";
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
        builder.Set(name, value);
    }

    private static Sample ReadSample(ReadOnlySpan<byte> message)
    {
        var timestampMs = 0L;
        var value = 0d;
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
        return new Sample(timestampMs, value);
    }

    private void KeepMetadata(ReadOnlySpan<byte> message)
    {
        var (type, family, help, unit) = (0L, "", "", "");
        var metadata = new ProtobufReader(message);
        while (metadata.Next(out var field))
        {
            switch (field)
            {
                case 1:
                    type = metadata.Int64();
                    break;
                case 2:
                    family = metadata.Text();
                    break;
                case 4:
                    help = metadata.Text();
                    break;
                case 5:
                    unit = metadata.Text();
                    break;
                default:
                    metadata.Skip();
                    break;
            }
        }
        if (family.Length > 0)
        {
            var name = type >= 0 && type < MetricTypes.Length ? MetricTypes[type] : MetricTypes[0];
            _store.SetMetadata(family, new MetricMetadata(name, help, unit));
        }
    }

    private static string Describe(AppendResult result) => result switch
    {
        AppendResult.DuplicateTimestamp => "duplicate sample for timestamp",
        AppendResult.OutOfOrder => "out of order sample",
        AppendResult.TooOld => "out of bounds",
        AppendResult.SeriesLimit => "series limit reached",
        _ => "invalid labels",
    };

    private struct Tally
    {
        public int Accepted;
        public int Refused;
        public string? Reason;
    }
}
