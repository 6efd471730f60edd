using System.Globalization;
using System.Text.Json;
using Pharos.Query.TraceQL.Results;
using Pharos.Query.TraceQL.Values;

namespace Pharos.Server.Api.Tempo;

/// <summary>Writes numbers over time, in Tempo's form.</summary>
internal static class TempoMetricsJson
{
    public static async ValueTask WriteRangeAsync(JsonStream stream, TraceMetricsResult result)
    {
        var json = Begin(stream);
        foreach (var series in result.Series)
        {
            json.WriteStartObject();
            Labels(json, series);
            json.WriteStartArray("samples"u8);
            for (var i = 0; i < series.Values.Length; i++)
            {
                if (!double.IsNaN(series.Values[i]))
                {
                    json.WriteStartObject();
                    json.WriteString("timestampMs"u8, Text(result.TimesMs[i]));
                    Number(json, series.Values[i]);
                    json.WriteEndObject();
                }
                await stream.BreatheAsync();
            }
            json.WriteEndArray();
            Exemplars(json, series);
            json.WriteEndObject();
        }
        End(json, result);
    }

    public static async ValueTask WriteInstantAsync(JsonStream stream, TraceMetricsResult result)
    {
        var json = Begin(stream);
        foreach (var series in result.Series)
        {
            json.WriteStartObject();
            Labels(json, series);
            Number(json, series.Values[^1]);
            json.WriteEndObject();
            await stream.BreatheAsync();
        }
        End(json, result);
    }

    private static Utf8JsonWriter Begin(JsonStream stream)
    {
        stream.Writer.WriteStartObject();
        stream.Writer.WriteStartArray("series"u8);
        return stream.Writer;
    }

    private static void End(Utf8JsonWriter json, TraceMetricsResult result)
    {
        json.WriteEndArray();
        json.WriteStartObject("metrics"u8);
        if (result.InspectedSpans > 0)
        {
            json.WriteString("inspectedSpans"u8, Text(result.InspectedSpans));
        }
        json.WriteNumber("completedJobs"u8, 1);
        json.WriteNumber("totalJobs"u8, 1);
        json.WriteEndObject();
        if (result.LeftOut > 0)
        {
            json.WriteString("status"u8, "PARTIAL");
            json.WriteString("message"u8, $"Response exceeds maximum series limit of {result.Series.Count}: {result.LeftOut} more are left out");
        }
        json.WriteEndObject();
    }

    private static void Labels(Utf8JsonWriter json, TraceSeries series)
    {
        TempoValueJson.Write(json, "labels", series.Labels);
        json.WriteString("promLabels"u8, $"{{{string.Join(", ", series.Labels.Select(static label =>
            $"{label.Key}={(label.Value.Type == TraceValueKind.Text ? label.Value.ToString() : $"\"{label.Value.ToPlainText()}\"")}"))}}}");
    }

    private static void Exemplars(Utf8JsonWriter json, TraceSeries series)
    {
        if (series.Exemplars.Count == 0)
        {
            return;
        }
        json.WriteStartArray("exemplars"u8);
        foreach (var exemplar in series.Exemplars)
        {
            json.WriteStartObject();
            TempoValueJson.Write(
                json, "labels", [.. series.Labels, KeyValuePair.Create("trace:id", TraceValue.OfText(exemplar.Trace.ToString().TrimStart('0')))]);
            json.WriteString("timestampMs"u8, Text(exemplar.TimeMs));
            Number(json, exemplar.Value);
            json.WriteEndObject();
        }
        json.WriteEndArray();
    }

    private static void Number(Utf8JsonWriter json, double value)
    {
        if (double.IsFinite(value))
        {
            json.WriteNumber("value"u8, value);
        }
        else
        {
            json.WriteString("value"u8, double.IsNaN(value) ? "NaN" : value > 0 ? "Infinity" : "-Infinity");
        }
    }

    private static string Text(long number) => number.ToString(CultureInfo.InvariantCulture);
}
