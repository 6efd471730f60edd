using Pharos.Collection.Protobuf;
using Pharos.Collection.Receivers.Otlp.Model;

namespace Pharos.Collection.Receivers.Otlp;

/// <summary>Reads the four messages of data points; what only one kind has stands in a method of its own.</summary>
internal static class OtlpPointProtobuf
{
    private static readonly PointFields Number = new(Attributes: 7, Exemplars: 5, Flags: 8, ReadNumber);
    private static readonly PointFields Histogram = new(Attributes: 9, Exemplars: 8, Flags: 10, ReadHistogram);
    private static readonly PointFields Exponential = new(Attributes: 1, Exemplars: 11, Flags: 10, ReadExponential);
    private static readonly PointFields Summary = new(Attributes: 7, Exemplars: PointFields.None, Flags: 8, ReadSummary);

    private delegate bool FieldReader(int field, ref ProtobufReader fields, OtlpPoint point);

    public static OtlpPoint Read(OtlpMetricKind kind, ReadOnlySpan<byte> message)
    {
        var known = kind switch
        {
            OtlpMetricKind.Histogram => Histogram,
            OtlpMetricKind.ExponentialHistogram => Exponential,
            OtlpMetricKind.Summary => Summary,
            _ => Number,
        };
        var point = new OtlpPoint();
        var fields = new ProtobufReader(message);
        while (fields.Next(out var field))
        {
            if (field == 2)
            {
                point.StartNanoseconds = fields.Fixed64();
            }
            else if (field == 3)
            {
                point.TimeNanoseconds = fields.Fixed64();
            }
            else if (field == known.Attributes)
            {
                point.Attributes.Add(OtlpValueProtobuf.ReadAttribute(fields.Bytes()));
            }
            else if (field == known.Exemplars)
            {
                point.Exemplars.Add(ReadExemplar(fields.Bytes()));
            }
            else if (field == known.Flags)
            {
                point.Flags = (uint)fields.UInt64();
            }
            else if (!known.ReadOther(field, ref fields, point))
            {
                fields.Skip();
            }
        }
        return point;
    }

    private static bool ReadNumber(int field, ref ProtobufReader fields, OtlpPoint point)
    {
        switch (field)
        {
            case 4:
                point.Value = fields.Double();
                return true;
            case 6:
                point.Value = (long)fields.Fixed64();
                return true;
            default:
                return false;
        }
    }

    private static bool ReadHistogram(int field, ref ProtobufReader fields, OtlpPoint point)
    {
        switch (field)
        {
            case 6:
                fields.Fixed64s(point.BucketCounts);
                return true;
            case 7:
                fields.Doubles(point.Bounds);
                return true;
            default:
                return ReadTotals(field, ref fields, point);
        }
    }

    private static bool ReadExponential(int field, ref ProtobufReader fields, OtlpPoint point)
    {
        switch (field)
        {
            case 6:
                point.Scale = fields.SInt32();
                return true;
            case 7:
                point.ZeroCount = fields.Fixed64();
                return true;
            case 8:
                point.Positive = ReadBuckets(fields.Bytes());
                return true;
            case 9:
                point.Negative = ReadBuckets(fields.Bytes());
                return true;
            case 14:
                point.ZeroThreshold = fields.Double();
                return true;
            default:
                return ReadTotals(field, ref fields, point);
        }
    }

    private static bool ReadSummary(int field, ref ProtobufReader fields, OtlpPoint point)
    {
        if (field == 6)
        {
            point.Quantiles.Add(ReadQuantile(fields.Bytes()));
            return true;
        }
        return ReadTotals(field, ref fields, point);
    }

    /// <summary>The same in all but numbers.</summary>
    private static bool ReadTotals(int field, ref ProtobufReader fields, OtlpPoint point)
    {
        switch (field)
        {
            case 4:
                point.Count = fields.Fixed64();
                return true;
            case 5:
                point.Sum = fields.Double();
                return true;
            default:
                return false;
        }
    }

    private static OtlpBuckets ReadBuckets(ReadOnlySpan<byte> message)
    {
        var offset = 0;
        var counts = new List<ulong>();
        var fields = new ProtobufReader(message);
        while (fields.Next(out var field))
        {
            switch (field)
            {
                case 1:
                    offset = fields.SInt32();
                    break;
                case 2:
                    fields.UInt64s(counts);
                    break;
                default:
                    fields.Skip();
                    break;
            }
        }
        return new OtlpBuckets(offset, counts);
    }

    private static (double Quantile, double Value) ReadQuantile(ReadOnlySpan<byte> message)
    {
        var (quantile, value) = (0d, 0d);
        var fields = new ProtobufReader(message);
        while (fields.Next(out var field))
        {
            switch (field)
            {
                case 1:
                    quantile = fields.Double();
                    break;
                case 2:
                    value = fields.Double();
                    break;
                default:
                    fields.Skip();
                    break;
            }
        }
        return (quantile, value);
    }

    private static OtlpExemplar ReadExemplar(ReadOnlySpan<byte> message)
    {
        var exemplar = new OtlpExemplar();
        var fields = new ProtobufReader(message);
        while (fields.Next(out var field))
        {
            switch (field)
            {
                case 2:
                    exemplar.TimeNanoseconds = fields.Fixed64();
                    break;
                case 3:
                    exemplar.Value = fields.Double();
                    break;
                case 4:
                    exemplar.SpanId = Convert.ToHexStringLower(fields.Bytes());
                    break;
                case 5:
                    exemplar.TraceId = Convert.ToHexStringLower(fields.Bytes());
                    break;
                case 6:
                    exemplar.Value = (long)fields.Fixed64();
                    break;
                case 7:
                    exemplar.Attributes.Add(OtlpValueProtobuf.ReadAttribute(fields.Bytes()));
                    break;
                default:
                    fields.Skip();
                    break;
            }
        }
        return exemplar;
    }

    /// <summary>The numbers of what every kind of point has but for its two times, which are 2 and 3 everywhere, and who reads its other fields.</summary>
    private sealed record PointFields(int Attributes, int Exemplars, int Flags, FieldReader ReadOther)
    {
        /// <summary>No field has this number.</summary>
        public const int None = 0;
    }
}
