using System.Globalization;
using System.Text.Json;
using Pharos.Server.SelfMonitoring;
using Pharos.Storage.Model;

namespace Pharos.Server.Api.Prometheus.Status;

/// <summary>Metric families as protobuf's JSON mapping writes Prometheus' <c>MetricFamily</c> messages: counts of 64 bits and
/// numbers that are not finite are texts.</summary>
internal static class SelfMetricsJson
{
    public static void Write(Utf8JsonWriter json, IReadOnlyList<MetricFamilySnapshot> families)
    {
        json.WriteStartArray();
        foreach (var family in families)
        {
            json.WriteStartObject();
            json.WriteString("name", family.Name);
            if (family.Help.Length > 0)
            {
                json.WriteString("help", family.Help);
            }
            json.WriteString("type", family.Type.ToUpperInvariant());
            json.WriteStartArray("metric");
            foreach (var point in family.Points)
            {
                WriteMetric(json, family.Type, point);
            }
            json.WriteEndArray();
            json.WriteEndObject();
        }
        json.WriteEndArray();
    }

    private static void WriteMetric(Utf8JsonWriter json, string type, MetricPoint point)
    {
        json.WriteStartObject();
        if (point.Labels.Count > 0)
        {
            WriteLabels(json, point.Labels);
        }
        json.WriteStartObject(type);
        if (point.Histogram is { } histogram)
        {
            json.WriteString("sampleCount", Whole(histogram.Count));
            WriteNumber(json, "sampleSum", point.Value);
            json.WriteStartArray("bucket");
            for (var i = 0; i < histogram.Bounds.Count; i++)
            {
                json.WriteStartObject();
                json.WriteString("cumulativeCount", Whole(histogram.CumulativeCounts[i]));
                WriteNumber(json, "upperBound", histogram.Bounds[i]);
                json.WriteEndObject();
            }
            json.WriteEndArray();
        }
        else
        {
            WriteNumber(json, "value", point.Value);
        }
        json.WriteEndObject();
        json.WriteEndObject();
    }

    private static void WriteLabels(Utf8JsonWriter json, LabelSet labels)
    {
        json.WriteStartArray("label");
        foreach (var label in labels.Span)
        {
            json.WriteStartObject();
            json.WriteString("name", label.Name);
            json.WriteString("value", label.Value);
            json.WriteEndObject();
        }
        json.WriteEndArray();
    }

    private static void WriteNumber(Utf8JsonWriter json, string name, double value)
    {
        if (double.IsFinite(value))
        {
            json.WriteNumber(name, value);
        }
        else
        {
            json.WriteString(name, double.IsNaN(value) ? "NaN" : value > 0 ? "Infinity" : "-Infinity");
        }
    }

    private static string Whole(long count) => count.ToString(CultureInfo.InvariantCulture);
}
