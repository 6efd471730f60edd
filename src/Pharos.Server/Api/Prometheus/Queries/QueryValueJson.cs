using System.Text.Json;
using Pharos.Query.PromQL.Syntax;
using Pharos.Query.Results;

namespace Pharos.Server.Api.Prometheus.Queries;

/// <summary>The fields <c>resultType</c> and <c>result</c> of a query's answer.</summary>
internal static class QueryValueJson
{
    public static async ValueTask WriteAsync(JsonStream stream, QueryValue value, MatrixJson matrices)
    {
        var json = stream.Writer;
        json.WriteString("resultType", value.Type.Name());
        json.WriteStartArray("result");
        switch (value)
        {
            // The times of these two have as many decimals as they need, those of all others none or three.
            case ScalarValue scalar:
                JsonForms.WriteSeconds(json, scalar.TimestampMs);
                json.WriteStringValue(Storage.Text.GoFloat.FormatF(scalar.Value));
                break;
            case StringValue text:
                JsonForms.WriteSeconds(json, text.TimestampMs);
                json.WriteStringValue(text.Value);
                break;
            case VectorValue vector:
                foreach (var sample in vector.Samples)
                {
                    WriteSample(json, sample);
                    await stream.BreatheAsync();
                }
                break;
            case MatrixValue matrix:
                await matrices.WriteAsync(stream, matrix.Series);
                break;
        }
        json.WriteEndArray();
    }

    private static void WriteSample(Utf8JsonWriter json, VectorSample sample)
    {
        json.WriteStartObject();
        JsonForms.WriteLabels(json, "metric", sample.Labels);
        if (sample.Histogram is { } histogram)
        {
            json.WritePropertyName("histogram");
            HistogramJson.WritePoint(json, sample.TimestampMs, histogram);
        }
        else
        {
            json.WritePropertyName("value");
            JsonForms.WritePoint(json, sample.TimestampMs, sample.Value);
        }
        json.WriteEndObject();
    }
}
