using Pharos.Collection.Protobuf;

namespace Pharos.Collection.Exposition.Families;

/// <summary>One quantile of a summary, or one bucket of a classic histogram with its cumulative count.</summary>
internal readonly ref struct MetricPoint
{
    public MetricPoint(ReadOnlySpan<byte> message, int type)
    {
        var fields = new ProtobufReader(message);
        var (whole, part) = (0d, 0d);
        while (fields.Next(out var field))
        {
            switch (type == MetricFamilyHeader.Summary ? -field : field)
            {
                case -1 or 2:
                    Bound = fields.Double();
                    break;
                case -2 or 4:
                    part = fields.Double();
                    break;
                case 1:
                    whole = fields.UInt64();
                    break;
                case 3:
                    Exemplar = fields.Bytes();
                    break;
                default:
                    fields.Skip();
                    break;
            }
        }
        Value = part != 0 ? part : whole;
    }

    public double Bound { get; }

    public double Value { get; }

    public ReadOnlySpan<byte> Exemplar { get; }
}
