using System.Text.Json;
using Pharos.Query.Results;

namespace Pharos.Server.Api.Prometheus.Queries;

/// <summary>The field <c>stats</c> of a query's answer.</summary>
internal static class QueryStatisticsJson
{
    /// <param name="waited">For a turn, before the query began.</param>
    public static void Write(Utf8JsonWriter json, QueryStatistics statistics, TimeSpan waited)
    {
        json.WriteStartObject("stats");
        json.WriteStartObject("timings");
        json.WriteNumber("evalTotalTime", statistics.Elapsed.TotalSeconds);
        json.WriteNumber("resultSortTime", 0);
        json.WriteNumber("queryPreparationTime", 0);
        json.WriteNumber("innerEvalTime", statistics.Elapsed.TotalSeconds);
        json.WriteNumber("execQueueTime", waited.TotalSeconds);
        json.WriteNumber("execTotalTime", (waited + statistics.Elapsed).TotalSeconds);
        json.WriteEndObject();
        json.WriteStartObject("samples");
        json.WriteNumber("totalQueryableSamples", statistics.TotalSamples);
        json.WriteNumber("peakSamples", statistics.PeakSamples);
        json.WriteEndObject();
        json.WriteEndObject();
    }
}
