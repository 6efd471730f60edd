using Pharos.Instrumentation.Wire;

namespace Pharos.Instrumentation.Exposition;

/// <summary>Writes a metric as <c>io.prometheus.client.MetricFamily</c>; a histogram carries its classic buckets and the native
/// ones.</summary>
/// <remarks>Field numbers: https://github.com/prometheus/client_model/blob/master/io/prometheus/client/metrics.proto</remarks>
internal static class ProtobufExposition
{
    private const ulong CounterType = 0;
    private const ulong GaugeType = 1;
    private const ulong HistogramType = 4;

    /// <summary>More empty buckets than this between two used ones begin a new span, as in Prometheus' own client.</summary>
    private const int MaxGap = 2;

    public static void Write(ByteBuffer output, MetricFamily family, SeriesCopy copy, long collection)
    {
        var message = output.Begin();
        output.TextField(1, family.Name);
        output.TextField(2, family.Help);
        output.VarintField(3, family.Head.IsCounter ? CounterType : family.Kind == InstrumentKind.Histogram ? HistogramType : GaugeType);
        foreach (var series in family.All)
        {
            if (family.IsObserved && series.Seen != collection)
            {
                continue;
            }
            series.CopyTo(copy);
            var metric = output.Begin(4);
            output.Bytes(series.Labels.Protobuf);
            if (family.Kind == InstrumentKind.Histogram)
            {
                WriteHistogram(output, family, series, copy);
            }
            else
            {
                WriteValue(output, family, series, copy);
            }
            output.End(metric);
        }
        if (family.Unit.Length > 0)
        {
            output.TextField(5, family.Unit);
        }
        output.End(message);
    }

    private static void WriteValue(ByteBuffer output, MetricFamily family, Series series, SeriesCopy copy)
    {
        var value = output.Begin(family.Head.IsCounter ? 3 : 2);
        output.DoubleField(1, copy.Value);
        if (family.Head.IsCounter)
        {
            if (copy.HasExemplars)
            {
                WriteExemplar(output, 2, copy.Exemplar(0));
            }
            WriteTimestamp(output, 3, series.CreatedMs);
        }
        output.End(value);
    }

    private static void WriteHistogram(ByteBuffer output, MetricFamily family, Series series, SeriesCopy copy)
    {
        var histogram = output.Begin(7);
        var total = 0L;
        for (var i = 0; i < copy.BucketCount; i++)
        {
            total += copy.Buckets[i];
            var bucket = output.Begin(3);
            output.VarintField(1, (ulong)total);
            output.DoubleField(2, i < family.Boundaries.Length ? family.Boundaries[i] : double.PositiveInfinity);
            if (copy.HasExemplars)
            {
                WriteExemplar(output, 3, copy.Exemplar(i));
            }
            output.End(bucket);
        }
        output.VarintField(1, (ulong)total);
        output.DoubleField(2, copy.Value);
        WriteTimestamp(output, 15, series.CreatedMs);
        if (copy.IsNative)
        {
            output.VarintField(5, ByteBuffer.ZigZag(copy.Schema));
            output.DoubleField(6, NativeBuckets.ZeroThreshold);
            output.VarintField(7, copy.ZeroCount);
            WriteBuckets(output, 9, copy.Negative, copy.NegativeFirst);
            WriteBuckets(output, 12, copy.Positive, copy.PositiveFirst);
            if (copy.Positive.IsEmpty && copy.Negative.IsEmpty)
            {
                // An empty span says that the histogram is native although nothing was measured but zeros.
                output.End(output.Begin(12));
            }
            for (var i = 0; copy.HasExemplars && i < copy.BucketCount; i++)
            {
                WriteExemplar(output, 16, copy.Exemplar(i));
            }
        }
        output.End(histogram);
    }

    /// <summary>Spans of used buckets in <paramref name="field"/>, and the differences of their counts in the next.</summary>
    private static void WriteBuckets(ByteBuffer output, int field, ReadOnlySpan<ulong> counts, int first)
    {
        var at = 0;
        var previousEnd = 0;
        while (NextSpan(counts, ref at, out var length))
        {
            var span = output.Begin(field);
            output.VarintField(1, ByteBuffer.ZigZag(previousEnd == 0 ? first + at : at - previousEnd));
            output.VarintField(2, (ulong)length);
            output.End(span);
            at += length;
            previousEnd = at;
        }
        if (previousEnd == 0)
        {
            return;
        }
        var deltas = output.Begin(field + 1);
        at = 0;
        var previous = 0L;
        while (NextSpan(counts, ref at, out var length))
        {
            foreach (var count in counts.Slice(at, length))
            {
                output.Varint(ByteBuffer.ZigZag((long)count - previous));
                previous = (long)count;
            }
            at += length;
        }
        output.End(deltas);
    }

    private static bool NextSpan(ReadOnlySpan<ulong> counts, ref int at, out int length)
    {
        while (at < counts.Length && counts[at] == 0)
        {
            at++;
        }
        length = 0;
        var gap = 0;
        for (var i = at; i < counts.Length && gap <= MaxGap; i++)
        {
            gap = counts[i] == 0 ? gap + 1 : 0;
            length = counts[i] == 0 ? length : i - at + 1;
        }
        return length > 0;
    }

    private static void WriteExemplar(ByteBuffer output, int field, in TraceExemplar exemplar)
    {
        if (exemplar.TraceId is null)
        {
            return;
        }
        var message = output.Begin(field);
        LabelText.WritePair(output, 1, "trace_id", exemplar.TraceId);
        LabelText.WritePair(output, 1, "span_id", exemplar.SpanId);
        output.DoubleField(2, exemplar.Value);
        WriteTimestamp(output, 3, exemplar.UnixMs);
        output.End(message);
    }

    private static void WriteTimestamp(ByteBuffer output, int field, long unixMs)
    {
        var message = output.Begin(field);
        output.VarintField(1, (ulong)(unixMs / 1000));
        output.VarintField(2, (ulong)(unixMs % 1000 * 1_000_000));
        output.End(message);
    }
}
