using Pharos.Collection.RemoteStorage.Wire;
using Pharos.Storage.Model;

namespace Pharos.Collection.RemoteStorage.Writing;

/// <summary>Writes <c>io.prometheus.write.v2.Request</c>: each text stands once, in a table; metadata and start times go
/// along with the samples.</summary>
/// <remarks>Not thread-safe. prompb/io/prometheus/write/v2/types.proto of Prometheus.</remarks>
internal sealed class WriteRequestV2
{
    private static readonly string[] FamilySuffixes = ["_total", "_bucket", "_sum", "_count", "_created"];

    private readonly Dictionary<string, uint> _numbers = new(StringComparer.Ordinal);
    private readonly List<string> _symbols = [];

    public void Write(
        ProtobufWriter writer, IReadOnlyList<PendingItem> items, IReadOnlyDictionary<string, MetricMetadata> families)
    {
        _numbers.Clear();
        _symbols.Clear();
        // The first symbol is the empty text, so that a reference that is left out means nothing.
        Number("");
        for (var next = 0; next < items.Count;)
        {
            var item = items[next++];
            var series = writer.Begin(5);
            WriteReferences(writer, item.Labels);
            WriteItem(writer, item);
            // A sample's exemplars follow it.
            while (next < items.Count && items[next].Kind is PendingKind.Exemplar && items[next].Labels.Equals(item.Labels))
            {
                WriteItem(writer, items[next++]);
            }
            WriteMetadata(writer, Find(families, item.Labels.MetricName));
            writer.End(series);
        }
        foreach (var symbol in _symbols)
        {
            writer.TextEvenEmpty(4, symbol);
        }
    }

    private void WriteItem(ProtobufWriter writer, PendingItem item)
    {
        switch (item.Kind)
        {
            case PendingKind.Sample:
                var sample = writer.Begin(2);
                writer.Double(1, item.Value);
                writer.Int64(2, item.TimestampMs);
                writer.Int64(3, item.StartTimeMs);
                writer.End(sample);
                break;
            case PendingKind.Histogram:
                HistogramMessage.Write(writer, 3, item.Histogram!, item.TimestampMs, item.StartTimeMs);
                break;
            default:
                var exemplar = writer.Begin(4);
                WriteReferences(writer, item.ExemplarLabels!);
                writer.Double(2, item.Value);
                writer.Int64(3, item.TimestampMs);
                writer.End(exemplar);
                break;
        }
    }

    private void WriteMetadata(ProtobufWriter writer, MetricMetadata? metadata)
    {
        if (metadata is null)
        {
            return;
        }
        var message = writer.Begin(5);
        writer.Int64(1, MetricTypeNumbers.Of(metadata.Type));
        writer.Int64(3, Number(metadata.Help));
        writer.Int64(4, Number(metadata.Unit));
        writer.End(message);
    }

    private void WriteReferences(ProtobufWriter writer, LabelSet labels)
    {
        if (labels.Count == 0)
        {
            return;
        }
        var packed = writer.Begin(1);
        foreach (var label in labels.Span)
        {
            writer.Varint(Number(label.Name));
            writer.Varint(Number(label.Value));
        }
        writer.End(packed);
    }

    private uint Number(string symbol)
    {
        if (!_numbers.TryGetValue(symbol, out var number))
        {
            number = (uint)_symbols.Count;
            _numbers[symbol] = number;
            _symbols.Add(symbol);
        }
        return number;
    }

    /// <summary>A counter's or a histogram's series carry their family's name with a suffix.</summary>
    private static MetricMetadata? Find(IReadOnlyDictionary<string, MetricMetadata> families, string name)
    {
        if (families.TryGetValue(name, out var metadata))
        {
            return metadata;
        }
        foreach (var suffix in FamilySuffixes)
        {
            if (name.EndsWith(suffix, StringComparison.Ordinal) && families.TryGetValue(name[..^suffix.Length], out metadata))
            {
                return metadata;
            }
        }
        return null;
    }
}
