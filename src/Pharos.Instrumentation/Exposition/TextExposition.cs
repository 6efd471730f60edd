using Pharos.Instrumentation.Wire;

namespace Pharos.Instrumentation.Exposition;

/// <summary>Writes a metric in text 0.0.4 or OpenMetrics 1.0.</summary>
internal static class TextExposition
{
    public static void Write(ByteBuffer output, MetricFamily family, SeriesCopy copy, long collection, bool openMetrics)
    {
        output.Bytes(openMetrics ? family.Head.OpenMetrics : family.Head.Text);
        foreach (var series in family.All)
        {
            if (family.IsObserved && series.Seen != collection)
            {
                continue;
            }
            series.CopyTo(copy);
            if (family.Kind == InstrumentKind.Histogram)
            {
                WriteHistogram(output, family.Head, series, copy, openMetrics);
                continue;
            }
            Begin(output, family.Head.Name, default, series.Labels.Text, default);
            output.Number(copy.Value);
            if (openMetrics && copy.HasExemplars && family.Head.IsCounter)
            {
                WriteExemplar(output, copy.Exemplar(0));
            }
            output.Byte((byte)'\n');
        }
    }

    private static void WriteHistogram(ByteBuffer output, FamilyHead head, Series series, SeriesCopy copy, bool openMetrics)
    {
        var bounds = openMetrics ? head.OpenMetricsBounds : head.TextBounds;
        var total = 0L;
        for (var i = 0; i < copy.BucketCount; i++)
        {
            total += copy.Buckets[i];
            Begin(output, head.Name, "_bucket"u8, series.Labels.Text, bounds[i]);
            output.Number(total);
            if (openMetrics && copy.HasExemplars)
            {
                WriteExemplar(output, copy.Exemplar(i));
            }
            output.Byte((byte)'\n');
        }
        Begin(output, head.Name, "_sum"u8, series.Labels.Text, default);
        output.Number(copy.Value);
        output.Byte((byte)'\n');
        Begin(output, head.Name, "_count"u8, series.Labels.Text, default);
        output.Number(total);
        output.Byte((byte)'\n');
    }

    private static void Begin(
        ByteBuffer output, ReadOnlySpan<byte> name, ReadOnlySpan<byte> suffix, ReadOnlySpan<byte> labels, ReadOnlySpan<byte> bound)
    {
        output.Bytes(name);
        output.Bytes(suffix);
        if (labels.Length + bound.Length > 0)
        {
            output.Byte((byte)'{');
            output.Bytes(labels);
            if (labels.Length > 0 && bound.Length > 0)
            {
                output.Byte((byte)',');
            }
            output.Bytes(bound);
            output.Byte((byte)'}');
        }
        output.Byte((byte)' ');
    }

    /// <summary><c> # {trace_id="..",span_id=".."} 0.67 1520879607.789</c>.</summary>
    private static void WriteExemplar(ByteBuffer output, in TraceExemplar exemplar)
    {
        if (exemplar.TraceId is null)
        {
            return;
        }
        output.Bytes(" # {trace_id=\""u8);
        output.Text(exemplar.TraceId);
        output.Bytes("\",span_id=\""u8);
        output.Text(exemplar.SpanId);
        output.Bytes("\"} "u8);
        output.Number(exemplar.Value);
        output.Byte((byte)' ');
        output.Seconds(exemplar.UnixMs);
    }
}
