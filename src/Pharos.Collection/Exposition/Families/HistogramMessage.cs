using Pharos.Collection.Protobuf;
using Pharos.Storage.Histograms;

namespace Pharos.Collection.Exposition.Families;

/// <summary>Reads <c>io.prometheus.client.Histogram</c> as one native histogram.</summary>
internal static class HistogramMessage
{
    /// <returns>Null where the histogram contradicts itself, as <paramref name="problem"/> says.</returns>
    public static NativeHistogram? ReadNative(ReadOnlySpan<byte> message, HistogramAssembly into, int type, out string? problem)
    {
        into.Clear();
        into.ResetHint = type == MetricFamilyHeader.GaugeHistogram ? CounterResetHint.Gauge : CounterResetHint.Unknown;
        double count = 0, zeroCount = 0, floatCount = 0, floatZeroCount = 0;
        var fields = new ProtobufReader(message);
        while (fields.Next(out var field))
        {
            switch (field)
            {
                case 1:
                    count = fields.UInt64();
                    break;
                case 2:
                    into.Sum = fields.Double();
                    break;
                case 4:
                    floatCount = fields.Double();
                    break;
                case 5:
                    into.Schema = fields.SInt32();
                    break;
                case 6:
                    into.ZeroThreshold = fields.Double();
                    break;
                case 7:
                    zeroCount = fields.UInt64();
                    break;
                case 8:
                    floatZeroCount = fields.Double();
                    break;
                default:
                    ReadBuckets(field, ref fields, into);
                    break;
            }
        }
        into.HasFloatCounts = floatCount > 0 || floatZeroCount > 0;
        into.Count = into.HasFloatCounts ? floatCount : count;
        into.ZeroCount = into.HasFloatCounts ? floatZeroCount : zeroCount;
        return into.Build(out problem)?.Compact();
    }

    /// <summary>The classic buckets with their bounds; null where they contradict each other.</summary>
    public static NativeHistogram? ReadClassic(MetricMessage metric, ClassicHistogram into)
    {
        into.Clear();
        into.SetCount(metric.Count);
        into.SetSum(metric.Sum);
        var fields = new ProtobufReader(metric.Content);
        while (fields.Next(out var field))
        {
            if (field != MetricMessage.PointField)
            {
                fields.Skip();
                continue;
            }
            var bucket = new MetricPoint(fields.Bytes(), MetricFamilyHeader.Histogram);
            into.SetBucket(bucket.Bound, bucket.Value);
        }
        return into.Convert();
    }

    private static void ReadBuckets(int field, ref ProtobufReader fields, HistogramAssembly into)
    {
        switch (field)
        {
            case 9:
                HistogramAssembly.AddSpan(into.NegativeSpans, fields.Bytes());
                break;
            case 10:
                fields.SInt64s(into.NegativeDeltas);
                break;
            case 11:
                fields.Doubles(into.NegativeCounts);
                break;
            case 12:
                HistogramAssembly.AddSpan(into.PositiveSpans, fields.Bytes());
                break;
            case 13:
                fields.SInt64s(into.PositiveDeltas);
                break;
            case 14:
                fields.Doubles(into.PositiveCounts);
                break;
            default:
                fields.Skip();
                break;
        }
    }
}
