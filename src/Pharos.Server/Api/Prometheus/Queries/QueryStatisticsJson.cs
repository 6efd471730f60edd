using System.Text.Json;
using Pharos.Query.Results;

namespace Pharos.Server.Api.Prometheus.Queries;

/// <summary>The field <c>stats</c> of a query's answer.</summary>
internal static class QueryStatisticsJson
{
    /// <param name="waited">For a turn, before the query began.</param>
    /// <param name="perStep">Also the samples of each step, where the engine counted them.</param>
    public static void Write(Utf8JsonWriter json, QueryStatistics statistics, TimeSpan waited, bool perStep)
    {
        json.WriteStartObject("stats");
        json.WriteStartObject("timings");
        json.WriteNumber("evalTotalTime", statistics.Elapsed.TotalSeconds);
        json.WriteNumber("resultSortTime", statistics.Timings.ResultSort.TotalSeconds);
        json.WriteNumber("queryPreparationTime", statistics.Timings.Preparation.TotalSeconds);
        json.WriteNumber("innerEvalTime", statistics.Timings.InnerEvaluation.TotalSeconds);
        json.WriteNumber("execQueueTime", waited.TotalSeconds);
        json.WriteNumber("execTotalTime", (waited + statistics.Elapsed).TotalSeconds);
        json.WriteEndObject();
        json.WriteStartObject("samples");
        if (perStep && statistics.SamplesPerStep.Count > 0)
        {
            json.WriteStartArray("totalQueryableSamplesPerStep");
            foreach (var (time, samples) in statistics.SamplesPerStep)
            {
                json.WriteStartArray();
                JsonForms.WriteSeconds(json, time);
                json.WriteNumberValue(samples);
                json.WriteEndArray();
            }
            json.WriteEndArray();
        }
        json.WriteNumber("totalQueryableSamples", statistics.TotalSamples);
        json.WriteNumber("peakSamples", statistics.PeakSamples);
        json.WriteEndObject();
        json.WriteEndObject();
    }
}
