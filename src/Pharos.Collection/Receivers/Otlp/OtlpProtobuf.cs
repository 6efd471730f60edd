using Pharos.Collection.Protobuf;
using Pharos.Collection.Receivers.Otlp.Model;

namespace Pharos.Collection.Receivers.Otlp;

/// <summary>Reads <c>ExportMetricsServiceRequest</c> from protobuf.</summary>
/// <remarks>opentelemetry/proto/collector/metrics/v1 and opentelemetry/proto/metrics/v1.</remarks>
/// <exception cref="InvalidDataException">The bytes are no such message.</exception>
internal static class OtlpProtobuf
{
    public static List<OtlpResource> Read(ReadOnlySpan<byte> message)
    {
        var resources = new List<OtlpResource>();
        var request = new ProtobufReader(message);
        while (request.Next(out var field))
        {
            if (field == 1)
            {
                resources.Add(ReadResourceMetrics(request.Bytes()));
            }
            else
            {
                request.Skip();
            }
        }
        return resources;
    }

    private static OtlpResource ReadResourceMetrics(ReadOnlySpan<byte> message)
    {
        var resource = new OtlpResource();
        var fields = new ProtobufReader(message);
        while (fields.Next(out var field))
        {
            switch (field)
            {
                case 1:
                    ReadAttributes(fields.Bytes(), 1, resource.Attributes);
                    break;
                case 2:
                    resource.Scopes.Add(ReadScopeMetrics(fields.Bytes()));
                    break;
                default:
                    fields.Skip();
                    break;
            }
        }
        return resource;
    }

    private static OtlpScope ReadScopeMetrics(ReadOnlySpan<byte> message)
    {
        var scope = new OtlpScope();
        var fields = new ProtobufReader(message);
        while (fields.Next(out var field))
        {
            switch (field)
            {
                case 1:
                    ReadScope(fields.Bytes(), scope);
                    break;
                case 2:
                    scope.Metrics.Add(ReadMetric(fields.Bytes()));
                    break;
                case 3:
                    scope.SchemaUrl = fields.Text();
                    break;
                default:
                    fields.Skip();
                    break;
            }
        }
        return scope;
    }

    private static void ReadScope(ReadOnlySpan<byte> message, OtlpScope scope)
    {
        var fields = new ProtobufReader(message);
        while (fields.Next(out var field))
        {
            switch (field)
            {
                case 1:
                    scope.Name = fields.Text();
                    break;
                case 2:
                    scope.Version = fields.Text();
                    break;
                case 3:
                    scope.Attributes.Add(OtlpValueProtobuf.ReadAttribute(fields.Bytes()));
                    break;
                default:
                    fields.Skip();
                    break;
            }
        }
    }

    private static OtlpMetric ReadMetric(ReadOnlySpan<byte> message)
    {
        var metric = new OtlpMetric();
        var fields = new ProtobufReader(message);
        while (fields.Next(out var field))
        {
            switch (field)
            {
                case 1:
                    metric.Name = fields.Text();
                    break;
                case 2:
                    metric.Description = fields.Text();
                    break;
                case 3:
                    metric.Unit = fields.Text();
                    break;
                case 5 or 7 or 9 or 10 or 11:
                    metric.Kind = field switch
                    {
                        5 => OtlpMetricKind.Gauge,
                        7 => OtlpMetricKind.Sum,
                        9 => OtlpMetricKind.Histogram,
                        10 => OtlpMetricKind.ExponentialHistogram,
                        _ => OtlpMetricKind.Summary,
                    };
                    ReadData(fields.Bytes(), metric);
                    break;
                default:
                    fields.Skip();
                    break;
            }
        }
        return metric;
    }

    /// <summary>The five kinds share the field numbers of what they have in common.</summary>
    private static void ReadData(ReadOnlySpan<byte> message, OtlpMetric metric)
    {
        var fields = new ProtobufReader(message);
        while (fields.Next(out var field))
        {
            switch (field)
            {
                case 1:
                    metric.Points.Add(OtlpPointProtobuf.Read(metric.Kind, fields.Bytes()));
                    break;
                case 2:
                    metric.Temporality = (OtlpTemporality)fields.UInt64();
                    break;
                case 3:
                    metric.IsMonotonic = fields.UInt64() != 0;
                    break;
                default:
                    fields.Skip();
                    break;
            }
        }
    }

    private static void ReadAttributes(ReadOnlySpan<byte> message, int attributes, List<OtlpAttribute> into)
    {
        var fields = new ProtobufReader(message);
        while (fields.Next(out var field))
        {
            if (field == attributes)
            {
                into.Add(OtlpValueProtobuf.ReadAttribute(fields.Bytes()));
            }
            else
            {
                fields.Skip();
            }
        }
    }
}
