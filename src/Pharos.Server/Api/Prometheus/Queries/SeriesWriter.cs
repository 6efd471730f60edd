using System.Buffers;
using System.Text.Json;
using Pharos.Query.Results;
using Pharos.Storage.Encoding;

namespace Pharos.Server.Api.Prometheus.Queries;

/// <summary>Puts neighbouring series of a matrix into text.</summary>
/// <remarks>Not thread-safe.</remarks>
internal sealed class SeriesWriter
{
    private readonly PointWriter _points = new();

    /// <summary>Writes part of a list, with a comma before all but the first of the list.</summary>
    public void Write(PooledBuffer into, IReadOnlyList<MatrixSeries> series, Range part)
    {
        using var json = new Utf8JsonWriter(into, JsonStream.WriterOptions);
        var (from, count) = part.GetOffsetAndLength(series.Count);
        for (var i = from; i < from + count; i++)
        {
            if (i > 0)
            {
                into.Write(","u8);
            }
            Write(into, json, series[i]);
        }
        _points.ForgetTimes();
    }

    /// <summary>Numbers and histograms in lists of their own; a list without a point is left out.</summary>
    private void Write(PooledBuffer into, Utf8JsonWriter json, MatrixSeries series)
    {
        json.Reset();
        json.WriteStartObject();
        JsonForms.WriteLabels(json, "metric", series.Labels);
        if (series.TimestampsMs.Count > 0)
        {
            json.WritePropertyName("values");
            json.Flush();
            _points.Write(into, series);
            if (series.Histograms.Count > 0)
            {
                // The writer does not know that a value followed the name.
                into.Write(","u8);
            }
        }
        if (series.Histograms.Count > 0)
        {
            json.WriteStartArray("histograms");
            foreach (var (timestampMs, histogram) in series.Histograms)
            {
                HistogramJson.WritePoint(json, timestampMs, histogram);
            }
            json.WriteEndArray();
        }
        json.WriteEndObject();
        json.Flush();
    }
}
