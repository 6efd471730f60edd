using System.Buffers;
using System.Text.Json;
using Pharos.Query.Results;
using Pharos.Storage.Encoding;

namespace Pharos.Server.Api.Prometheus.Queries;

/// <summary>Puts some neighbouring series of a matrix into text, in a buffer of its own.</summary>
/// <remarks>Not thread-safe. Used again for the next series once what it has written was sent.</remarks>
internal sealed class SeriesWriter : IDisposable
{
    private const int ExpectedBytes = 256 * 1024;

    private readonly PooledBuffer _buffer = new(ExpectedBytes);
    private readonly PointWriter _points = new();
    private readonly Utf8JsonWriter _json;

    public SeriesWriter() => _json = new Utf8JsonWriter(_buffer, JsonStream.WriterOptions);

    public ReadOnlyMemory<byte> Written => _buffer.Written;

    /// <summary>Forgets what it wrote before, and writes part of a list.</summary>
    public void Write(IReadOnlyList<MatrixSeries> series, Range part)
    {
        _buffer.Clear();
        var (from, count) = part.GetOffsetAndLength(series.Count);
        for (var i = from; i < from + count; i++)
        {
            if (i > 0)
            {
                _buffer.Write(","u8);
            }
            Write(series[i]);
        }
    }

    public void Dispose()
    {
        _json.Dispose();
        _buffer.Dispose();
    }

    /// <summary>Numbers and histograms in lists of their own; a list without a point is left out.</summary>
    private void Write(MatrixSeries series)
    {
        _json.Reset();
        _json.WriteStartObject();
        JsonForms.WriteLabels(_json, "metric", series.Labels);
        if (series.TimestampsMs.Count > 0)
        {
            _json.WritePropertyName("values");
            _json.Flush();
            _points.Write(_buffer, series);
            if (series.Histograms.Count > 0)
            {
                // The writer does not know that a value followed the name.
                _buffer.Write(","u8);
            }
        }
        if (series.Histograms.Count > 0)
        {
            _json.WriteStartArray("histograms");
            foreach (var (timestampMs, histogram) in series.Histograms)
            {
                HistogramJson.WritePoint(_json, timestampMs, histogram);
            }
            _json.WriteEndArray();
        }
        _json.WriteEndObject();
        _json.Flush();
    }
}
