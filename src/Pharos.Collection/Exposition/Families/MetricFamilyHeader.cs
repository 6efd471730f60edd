using System.Text;
using System.Text.Unicode;
using Pharos.Collection.Protobuf;

namespace Pharos.Collection.Exposition.Families;

/// <summary>The fields of a <c>MetricFamily</c> but its metrics, as spans into the body.</summary>
internal ref struct MetricFamilyHeader
{
    // MetricType of io/prometheus/client/metrics.proto.
    public const int Counter = 0;
    public const int Gauge = 1;
    public const int Summary = 2;
    public const int Untyped = 3;
    public const int Histogram = 4;
    public const int GaugeHistogram = 5;

    public const int MetricField = 4;

    public ReadOnlySpan<byte> Name { get; private set; }

    public ReadOnlySpan<byte> Help { get; private set; }

    public ReadOnlySpan<byte> Unit { get; private set; }

    public int Type { get; private set; }

    public bool HasMetrics { get; private set; }

    public readonly ReadOnlySpan<byte> TypeName => Type switch
    {
        Counter => "counter"u8,
        Gauge => "gauge"u8,
        Summary => "summary"u8,
        Histogram => "histogram"u8,
        GaugeHistogram => "gaugehistogram"u8,
        _ => "unknown"u8,
    };

    public static MetricFamilyHeader Read(ReadOnlySpan<byte> message)
    {
        var header = default(MetricFamilyHeader);
        var fields = new ProtobufReader(message);
        while (fields.Next(out var field))
        {
            switch (field)
            {
                case 1:
                    header.Name = fields.Bytes();
                    break;
                case 2:
                    header.Help = fields.Bytes();
                    break;
                case 3:
                    header.Type = (int)fields.Int64();
                    break;
                case MetricField:
                    header.HasMetrics = true;
                    fields.Skip();
                    break;
                case 5:
                    header.Unit = fields.Bytes();
                    break;
                default:
                    fields.Skip();
                    break;
            }
        }
        return header;
    }

    /// <exception cref="InvalidDataException">Name, help, type or unit are none.</exception>
    public readonly void Check()
    {
        var name = ExpositionText.Quote(Name);
        if (Name.IsEmpty || !Utf8.IsValid(Name))
        {
            throw new InvalidDataException($"invalid metric name: {Encoding.UTF8.GetString(Name)}");
        }
        if (!Utf8.IsValid(Help))
        {
            throw new InvalidDataException($"invalid help for metric {name}: {Encoding.UTF8.GetString(Help)}");
        }
        if (Type is < Counter or > GaugeHistogram)
        {
            throw new InvalidDataException($"unknown metric type for metric {name}: {Type}");
        }
        var counter = Type == Counter && Name.EndsWith("_total"u8);
        if (!ExpositionText.IsUnitOf(Unit, counter ? Name[..^"_total"u8.Length] : Name))
        {
            var kind = counter ? "counter" : "metric";
            throw new InvalidDataException($"unit {ExpositionText.Quote(Unit)} not a suffix of {kind} {name}");
        }
    }
}
