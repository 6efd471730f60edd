using Pharos.Collection.Protobuf;
using Pharos.Storage.Model;

namespace Pharos.Collection.Receivers.RemoteWrite;

/// <summary>Reads the parts of <c>prometheus.WriteRequest</c>.</summary>
/// <exception cref="InvalidDataException">Thrown by every method where the bytes are no such message.</exception>
internal static class WriteRequestV1
{
    public const int SeriesField = 1;
    public const int MetadataField = 3;

    /// <summary>Reads <c>TimeSeries</c>: labels = 1, samples = 2, exemplars = 3, histograms = 4.</summary>
    public static void ReadSeries(ReadOnlySpan<byte> message, RemoteSeries into, HistogramAssembly histogram)
    {
        into.Clear();
        var fields = new ProtobufReader(message);
        while (fields.Next(out var field))
        {
            switch (field)
            {
                case 1:
                    var (name, value) = ReadLabel(fields.Bytes());
                    into.AddLabel(name, value);
                    break;
                case 2:
                    into.Samples.Add(ReadSample(fields.Bytes()));
                    break;
                case 3:
                    into.Exemplars.Add(ReadExemplar(fields.Bytes()));
                    break;
                case 4:
                    into.Histograms.Add(RemoteHistogram.Read(fields.Bytes(), histogram));
                    break;
                default:
                    fields.Skip();
                    break;
            }
        }
    }

    /// <summary>Reads <c>MetricMetadata</c>: type = 1, family = 2, help = 4, unit = 5.</summary>
    /// <returns>Null where a text is no UTF-8: that is no reason to refuse the samples beside it.</returns>
    public static (string Family, MetricMetadata Metadata)? ReadMetadata(ReadOnlySpan<byte> message)
    {
        var type = 0L;
        var (family, help, unit) = (RemoteText.Empty, RemoteText.Empty, RemoteText.Empty);
        var fields = new ProtobufReader(message);
        while (fields.Next(out var field))
        {
            switch (field)
            {
                case 1:
                    type = fields.Int64();
                    break;
                case 2:
                    family = RemoteText.From(fields.Bytes());
                    break;
                case 4:
                    help = RemoteText.From(fields.Bytes());
                    break;
                case 5:
                    unit = RemoteText.From(fields.Bytes());
                    break;
                default:
                    fields.Skip();
                    break;
            }
        }
        return family.IsValid && help.IsValid && unit.IsValid
            ? (family.Text, new MetricMetadata(RemoteMetricTypes.NameOf(type), help.Text, unit.Text)) : null;
    }

    /// <summary>Reads <c>Sample</c> of either version: value = 1, timestamp = 2, and in 2.0 start_timestamp = 3.</summary>
    public static (long TimestampMs, double Value, long StartTimeMs) ReadSample(ReadOnlySpan<byte> message)
    {
        var (timestampMs, value, startTimeMs) = (0L, 0d, 0L);
        var fields = new ProtobufReader(message);
        while (fields.Next(out var field))
        {
            switch (field)
            {
                case 1:
                    value = fields.Double();
                    break;
                case 2:
                    timestampMs = fields.Int64();
                    break;
                case 3:
                    startTimeMs = fields.Int64();
                    break;
                default:
                    fields.Skip();
                    break;
            }
        }
        return (timestampMs, value, startTimeMs);
    }

    private static Exemplar ReadExemplar(ReadOnlySpan<byte> message)
    {
        var labels = new LabelSetBuilder();
        var (value, timestampMs) = (0d, 0L);
        var fields = new ProtobufReader(message);
        while (fields.Next(out var field))
        {
            switch (field)
            {
                case 1:
                    var (name, text) = ReadLabel(fields.Bytes());
                    labels.Set(name.Text, text.Text);
                    break;
                case 2:
                    value = fields.Double();
                    break;
                case 3:
                    timestampMs = fields.Int64();
                    break;
                default:
                    fields.Skip();
                    break;
            }
        }
        return new Exemplar(labels.Build(), value, timestampMs);
    }

    private static (RemoteText Name, RemoteText Value) ReadLabel(ReadOnlySpan<byte> message)
    {
        var (name, value) = (RemoteText.Empty, RemoteText.Empty);
        var fields = new ProtobufReader(message);
        while (fields.Next(out var field))
        {
            switch (field)
            {
                case 1:
                    name = RemoteText.From(fields.Bytes());
                    break;
                case 2:
                    value = RemoteText.From(fields.Bytes());
                    break;
                default:
                    fields.Skip();
                    break;
            }
        }
        return (name, value);
    }
}
