using Pharos.Collection.RemoteStorage.Wire;
using Pharos.Storage.Model;

namespace Pharos.Collection.RemoteStorage.Writing;

/// <summary>Writes <c>prometheus.WriteRequest</c>: labels are spelled out with each sample.</summary>
/// <remarks>prompb/remote.proto and prompb/types.proto of Prometheus.</remarks>
internal static class WriteRequestV1
{
    public static void Write(ProtobufWriter writer, IReadOnlyList<PendingItem> items)
    {
        foreach (var item in items)
        {
            var series = writer.Begin(1);
            LabelMessages.WriteLabels(writer, 1, item.Labels);
            switch (item.Kind)
            {
                case PendingKind.Sample:
                    LabelMessages.WriteSample(writer, 2, item.Value, item.TimestampMs);
                    break;
                case PendingKind.Histogram:
                    HistogramMessage.Write(writer, 4, item.Histogram!, item.TimestampMs, startTimeMs: 0);
                    break;
                default:
                    WriteExemplar(writer, item);
                    break;
            }
            writer.End(series);
        }
    }

    public static void Write(ProtobufWriter writer, IEnumerable<KeyValuePair<string, MetricMetadata>> families)
    {
        foreach (var (family, metadata) in families)
        {
            var message = writer.Begin(3);
            writer.Int64(1, MetricTypeNumbers.Of(metadata.Type));
            writer.Text(2, family);
            writer.Text(4, metadata.Help);
            writer.Text(5, metadata.Unit);
            writer.End(message);
        }
    }

    private static void WriteExemplar(ProtobufWriter writer, PendingItem item)
    {
        var message = writer.Begin(3);
        LabelMessages.WriteLabels(writer, 1, item.ExemplarLabels!);
        writer.Double(2, item.Value);
        writer.Int64(3, item.TimestampMs);
        writer.End(message);
    }
}
