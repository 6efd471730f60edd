using System.Text.Json;
using Pharos.Server.Logs;
using Pharos.Storage.Logs;
using Pharos.Storage.Model;
using Pharos.Storage.Text;

namespace Pharos.Server.Api.Loki.Series;

/// <summary>How much there is of which streams, told by the index and the blocks' footers, without a line being read.</summary>
internal sealed class IndexEndpoints(ILogStore store)
{
    private const long NsPerSecond = 1_000_000_000;
    private static readonly TimeSpan DefaultRange = TimeSpan.FromHours(1);

    public void Map(LokiRoutes routes)
    {
        routes.MapRead("/loki/api/v1/index/stats", StatsAsync);
        routes.MapRead("/loki/api/v1/index/volume", request => VolumeAsync(request, isRange: false));
        routes.MapRead("/loki/api/v1/index/volume_range", request => VolumeAsync(request, isRange: true));
    }

    private Task StatsAsync(LokiRequest request)
    {
        var matchers = SelectorText.Read(request.Required("query"));
        var (startNs, endNs) = request.Range(DefaultRange);
        var streams = new HashSet<LogStream>();
        var (chunks, bytes, entries) = (0L, 0L, 0L);
        using (var querier = TenantUnion.Open(store, request.Tenants, startNs, endNs))
        {
            foreach (var block in querier.Blocks(matchers, request.Cancellation))
            {
                foreach (var run in block.Runs)
                {
                    if (run.MaxTimeNs < startNs || run.MinTimeNs >= endNs)
                    {
                        continue;
                    }
                    var part = RunVolume.Of(block, run, startNs, endNs);
                    streams.Add(run.Stream);
                    chunks++;
                    bytes += part.Bytes;
                    entries += part.Entries;
                }
            }
        }
        return LokiReply.JsonAsync(request.Context, json =>
        {
            json.WriteStartObject();
            json.WriteNumber("streams", streams.Count);
            json.WriteNumber("chunks", chunks);
            json.WriteNumber("bytes", bytes);
            json.WriteNumber("entries", entries);
            json.WriteEndObject();
        });
    }

    private Task VolumeAsync(LokiRequest request, bool isRange)
    {
        var limits = request.Limits;
        if (!limits.VolumeEnabled)
        {
            throw new LokiRefusal(404, "endpoint disabled: see limits_config.volume_enabled");
        }
        var matchers = SelectorText.Read(request.Required("query"));
        var (startNs, endNs) = request.Range(DefaultRange);
        var limit = Math.Min(request.Count("limit", 100), limits.VolumeMaxSeries);
        var targets = request.Text("targetLabels").Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        var byLabels = request.Text("aggregateBy") switch
        {
            "" or "series" => false,
            "labels" => true,
            var other => throw LokiRefusal.BadRequest($"invalid aggregation option: {GoQuote.Quote(other)}"),
        };
        var step = !isRange ? Math.Max(1, endNs - startNs) : request.Duration("step") is var asked and > 0 ? asked
            : Math.Max((endNs - startNs) / NsPerSecond / 250, 1) * NsPerSecond;
        if ((endNs - startNs) / step > 11_000)
        {
            throw LokiRefusal.BadRequest(
                "exceeded maximum resolution of 11,000 points per time series. Try increasing the value of the step parameter");
        }
        var volumes = new VolumeTable(new VolumeNaming(matchers, targets, byLabels), startNs, endNs, step);
        using (var querier = TenantUnion.Open(store, request.Tenants, startNs, endNs))
        {
            volumes.Add(querier.Blocks(matchers, request.Cancellation));
        }
        return LokiReply.JsonAsync(request.Context, json => Write(json, volumes.Largest(limit), isRange, startNs, endNs, step));
    }

    private static void Write(
        Utf8JsonWriter json, IReadOnlyList<(LabelSet Labels, long[] Bytes)> volumes, bool isRange, long startNs, long endNs, long step)
    {
        json.WriteStartObject();
        json.WriteString("status", "success");
        json.WriteStartObject("data");
        json.WriteString("resultType", isRange ? "matrix" : "vector");
        json.WriteStartArray("result");
        foreach (var (labels, bytes) in volumes)
        {
            json.WriteStartObject();
            JsonForms.WriteLabels(json, "metric", labels);
            if (isRange)
            {
                json.WriteStartArray("values");
                for (var i = 0; i < bytes.Length; i++)
                {
                    if (bytes[i] > 0)
                    {
                        JsonForms.WritePoint(json, (startNs + (i * step)) / 1_000_000, bytes[i]);
                    }
                }
                json.WriteEndArray();
            }
            else
            {
                json.WritePropertyName("value");
                JsonForms.WritePoint(json, endNs / 1_000_000, bytes.Sum());
            }
            json.WriteEndObject();
        }
        json.WriteEndArray();
        json.WritePropertyName("stats");
        Queries.LokiStatisticsJson.Write(json, Queries.LokiStatistics.None);
        json.WriteEndObject();
        json.WriteEndObject();
    }
}
