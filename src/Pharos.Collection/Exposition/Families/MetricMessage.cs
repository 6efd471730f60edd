using System.Text;
using System.Text.Unicode;
using Pharos.Collection.Protobuf;

namespace Pharos.Collection.Exposition.Families;

/// <summary>One <c>Metric</c> of a family: the numbers it holds, and where the rest stands in the body.</summary>
internal ref struct MetricMessage
{
    /// <summary>Quantiles of a summary and buckets of a histogram.</summary>
    public const int PointField = 3;

    private const int LabelField = 1;
    private const int TimestampField = 6;

    /// <summary>The whole message, for its labels.</summary>
    public ReadOnlySpan<byte> Message { get; private set; }

    /// <summary>The summary or histogram inside.</summary>
    public ReadOnlySpan<byte> Content { get; private set; }

    public double Value { get; private set; }

    public double Count { get; private set; }

    public double Sum { get; private set; }

    public ReadOnlySpan<byte> Exemplar { get; private set; }

    /// <summary>Null where it is 0: the format cannot tell the two apart.</summary>
    public long? TimestampMs { get; private set; }

    public long StartTimeMs { get; private set; }

    /// <summary>Of a histogram: it has spans, a zero bucket or a zero threshold.</summary>
    public bool IsNative { get; private set; }

    public bool HasBuckets { get; private set; }

    public bool HasNativeExemplars { get; private set; }

    public static MetricMessage Read(ReadOnlySpan<byte> message, int type)
    {
        var metric = new MetricMessage { Message = message };
        var fields = new ProtobufReader(message);
        while (fields.Next(out var field))
        {
            if (field == TimestampField)
            {
                metric.TimestampMs = fields.Int64() is var at && at != 0 ? at : null;
            }
            else if (field == ContentField(type))
            {
                metric.Content = fields.Bytes();
            }
            else
            {
                fields.Skip();
            }
        }
        metric.ReadContent(type);
        return metric;
    }

    /// <exception cref="InvalidDataException">A label is no UTF-8.</exception>
    public static void AddLabels(ReadOnlySpan<byte> message, SeriesKey key)
    {
        var fields = new ProtobufReader(message);
        while (fields.Next(out var field))
        {
            if (field != LabelField)
            {
                fields.Skip();
                continue;
            }
            var pair = fields.Bytes();
            ProtobufPair.Read(pair, out var name, out var value);
            if (name.IsEmpty || !Utf8.IsValid(name))
            {
                throw new InvalidDataException($"invalid label name: {Encoding.UTF8.GetString(name)}");
            }
            if (!Utf8.IsValid(value))
            {
                throw new InvalidDataException($"invalid label value: {Encoding.UTF8.GetString(value)}");
            }
            key.AddSeparator().Add(pair);
        }
    }

    public static void ReadLabels(ReadOnlySpan<byte> message, ExposedLabels into)
    {
        var fields = new ProtobufReader(message);
        while (fields.Next(out var field))
        {
            if (field != LabelField)
            {
                fields.Skip();
                continue;
            }
            ProtobufPair.Read(fields.Bytes(), out var name, out var value);
            into.Add(Encoding.UTF8.GetString(name), Encoding.UTF8.GetString(value));
        }
    }

    /// <summary>A <c>google.protobuf.Timestamp</c> in milliseconds.</summary>
    public static long ReadTimestamp(ReadOnlySpan<byte> message)
    {
        var (seconds, nanoseconds) = (0L, 0L);
        var fields = new ProtobufReader(message);
        while (fields.Next(out var field))
        {
            switch (field)
            {
                case 1:
                    seconds = fields.Int64();
                    break;
                case 2:
                    nanoseconds = fields.Int64();
                    break;
                default:
                    fields.Skip();
                    break;
            }
        }
        return (seconds * 1000) + (nanoseconds / 1_000_000);
    }

    private static int ContentField(int type) => type switch
    {
        MetricFamilyHeader.Gauge => 2,
        MetricFamilyHeader.Counter => 3,
        MetricFamilyHeader.Summary => 4,
        MetricFamilyHeader.Untyped => 5,
        _ => 7,
    };

    private void ReadContent(int type)
    {
        var fields = new ProtobufReader(Content);
        var floatCount = 0d;
        while (fields.Next(out var field))
        {
            switch (type, field)
            {
                case (MetricFamilyHeader.Counter, 1) or (MetricFamilyHeader.Gauge, 1) or (MetricFamilyHeader.Untyped, 1):
                    Value = fields.Double();
                    break;
                case (MetricFamilyHeader.Counter, 2):
                    Exemplar = fields.Bytes();
                    break;
                case (MetricFamilyHeader.Counter, 3) or (MetricFamilyHeader.Summary, 4) or ( >= MetricFamilyHeader.Histogram, 15):
                    StartTimeMs = ReadTimestamp(fields.Bytes());
                    break;
                case (MetricFamilyHeader.Summary or >= MetricFamilyHeader.Histogram, 1):
                    Count = fields.UInt64();
                    break;
                case (MetricFamilyHeader.Summary or >= MetricFamilyHeader.Histogram, 2):
                    Sum = fields.Double();
                    break;
                case ( >= MetricFamilyHeader.Histogram, 4):
                    floatCount = fields.Double();
                    break;
                default:
                    ReadShape(type, field, ref fields);
                    break;
            }
        }
        Count = floatCount > 0 ? floatCount : Count;
    }

    /// <summary>Notes what a histogram is made of; steps over the field.</summary>
    private void ReadShape(int type, int field, ref ProtobufReader fields)
    {
        if (type < MetricFamilyHeader.Histogram)
        {
            fields.Skip();
            return;
        }
        switch (field)
        {
            case 6 or 8:
                IsNative |= fields.Double() > 0;
                break;
            case 7:
                IsNative |= fields.UInt64() > 0;
                break;
            default:
                IsNative |= field is 9 or 12;
                HasBuckets |= field == PointField;
                HasNativeExemplars |= field == 16;
                fields.Skip();
                break;
        }
    }
}
