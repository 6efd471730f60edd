using Pharos.Storage.Histograms;
using Pharos.Storage.Model;

namespace Pharos.Server.SelfMonitoring;

/// <summary>Writes families as Prometheus' <c>io.prometheus.client.MetricFamily</c> messages, each with its length in front.</summary>
/// <remarks>The numbers are those of the message's fields; source: client_model, metrics.proto.</remarks>
internal static class ProtobufFamilies
{
    private static readonly string[] Types = ["counter", "gauge", "summary", "untyped", "histogram", "gaugehistogram"];

    public static ReadOnlyMemory<byte> Write(MetricFamilySnapshot family, EscapingScheme escaping)
    {
        var message = new WireWriter();
        message.Text(1, NameEscaping.Escape(family.Name, escaping));
        if (family.Help.Length > 0)
        {
            message.Text(2, family.Help);
        }
        message.Whole(3, (ulong)Array.IndexOf(Types, family.Type));
        foreach (var point in family.Points)
        {
            message.Message(4, metric => WriteMetric(metric, family.Type, point, escaping));
        }
        var delimited = new WireWriter();
        delimited.Varint((ulong)message.Written.Length);
        delimited.Raw(message.Written);
        return delimited.Written.ToArray();
    }

    private static void WriteMetric(WireWriter metric, string type, MetricPoint point, EscapingScheme escaping)
    {
        foreach (var label in point.Labels.Span)
        {
            if (label.Name != Label.MetricName)
            {
                WriteLabel(metric, label, escaping);
            }
        }
        foreach (var label in point.LastLabels)
        {
            WriteLabel(metric, label, escaping);
        }
        if (point.Native is { } native)
        {
            metric.Message(7, histogram => WriteNative(histogram, native));
        }
        else if (point.Histogram is { } classic)
        {
            metric.Message(7, histogram => WriteClassic(histogram, point.Value, classic));
        }
        else
        {
            var field = type switch { "gauge" => 2, "counter" => 3, _ => 5 };
            metric.Message(field, value => value.Double(1, point.Value));
        }
        if (point.TimestampMs is { } timestampMs)
        {
            metric.Whole(6, (ulong)timestampMs);
        }
    }

    private static void WriteLabel(WireWriter metric, Label label, EscapingScheme escaping) => metric.Message(1, pair =>
    {
        pair.Text(1, NameEscaping.Escape(label.Name, escaping));
        pair.Text(2, label.Value);
    });

    private static void WriteClassic(WireWriter message, double sum, HistogramPoint histogram)
    {
        message.Whole(1, (ulong)histogram.Count);
        message.Double(2, sum);
        for (var i = 0; i < histogram.Bounds.Count; i++)
        {
            var at = i;
            message.Message(3, bucket =>
            {
                bucket.Whole(1, (ulong)histogram.CumulativeCounts[at]);
                bucket.Double(2, histogram.Bounds[at]);
            });
        }
    }

    private static void WriteNative(WireWriter message, NativeHistogram histogram)
    {
        message.Double(4, histogram.Count);
        message.Double(2, histogram.Sum);
        message.Zigzag(5, histogram.Schema);
        message.Double(6, histogram.ZeroThreshold);
        message.Double(8, histogram.ZeroCount);
        WriteBuckets(message, 9, histogram.NegativeSpans, 11, histogram.NegativeBuckets);
        WriteBuckets(message, 12, histogram.PositiveSpans, 14, histogram.PositiveBuckets);
    }

    private static void WriteBuckets(
        WireWriter message, int spanField, IReadOnlyList<BucketSpan> spans, int countField, IReadOnlyList<double> counts)
    {
        foreach (var span in spans)
        {
            message.Message(spanField, field =>
            {
                field.Zigzag(1, span.Offset);
                field.Whole(2, (ulong)span.Length);
            });
        }
        foreach (var count in counts)
        {
            message.Double(countField, count);
        }
    }
}
