using System.Text.Json;
using Pharos.Storage.Histograms;
using Pharos.Storage.Text;

namespace Pharos.Server.Api.Prometheus.Queries;

/// <summary>A native histogram as Prometheus' JSON carries it: count, sum, and the buckets that hold anything, lowest first.</summary>
internal static class HistogramJson
{
    /// <summary><c>[timestamp, {...}]</c>.</summary>
    public static void WritePoint(Utf8JsonWriter json, long timestampMs, NativeHistogram histogram)
    {
        json.WriteStartArray();
        JsonForms.WriteTimestamp(json, timestampMs);
        Write(json, histogram);
        json.WriteEndArray();
    }

    private static void Write(Utf8JsonWriter json, NativeHistogram histogram)
    {
        json.WriteStartObject();
        json.WriteString("count", GoFloat.FormatJson(histogram.Count));
        json.WriteString("sum", GoFloat.FormatJson(histogram.Sum));
        var begun = false;
        foreach (var bucket in histogram.Ascending())
        {
            if (bucket.Count == 0)
            {
                continue;
            }
            if (!begun)
            {
                begun = true;
                json.WriteStartArray("buckets");
            }
            json.WriteStartArray();
            json.WriteNumberValue(bucket.BoundaryRule);
            json.WriteStringValue(GoFloat.FormatJson(bucket.Lower));
            json.WriteStringValue(GoFloat.FormatJson(bucket.Upper));
            json.WriteStringValue(GoFloat.FormatJson(bucket.Count));
            json.WriteEndArray();
        }
        if (begun)
        {
            json.WriteEndArray();
        }
        json.WriteEndObject();
    }
}
