using System.Text.Json;
using Pharos.Collection.Scraping;
using Pharos.Storage.Model;
using Pharos.Storage.Text;

namespace Pharos.Server.Api.Prometheus.Targets;

/// <summary><c>targets</c> and <c>targets/metadata</c>.</summary>
internal sealed class TargetEndpoints(Collector collector, SelectorParser parser)
{
    public void Map(ApiRoutes routes)
    {
        routes.MapGet("/targets", Targets);
        routes.MapGet("/targets/metadata", Metadata);
    }

    private ApiReply Targets(ApiRequest request)
    {
        var state = request.Parameters.Text("state").ToLowerInvariant();
        var wanted = request.Parameters.Text("scrapePool");
        var showActive = state is "" or "any" or "active";
        var showDropped = state is "" or "any" or "dropped";
        var all = collector.Snapshot().Pools.OrderBy(pool => pool.JobName, StringComparer.Ordinal).ToArray();
        var pools = all.Where(pool => wanted.Length == 0 || pool.JobName == wanted).ToArray();
        return ApiReply.Stream(async stream =>
        {
            var json = stream.Writer;
            json.WriteStartObject();
            json.WriteStartArray("activeTargets");
            foreach (var target in pools.SelectMany(pool => showActive ? pool.Active : []))
            {
                WriteTarget(json, target);
                await stream.BreatheAsync();
            }
            json.WriteEndArray();
            json.WriteStartArray("droppedTargets");
            foreach (var (pool, labels) in pools.SelectMany(pool => (showDropped ? pool.Dropped : []).Select(labels => (pool, labels))))
            {
                json.WriteStartObject();
                JsonForms.WriteLabels(json, "discoveredLabels", labels);
                json.WriteString("scrapePool", pool.JobName);
                json.WriteEndObject();
                await stream.BreatheAsync();
            }
            json.WriteEndArray();
            WriteDroppedCounts(json, showDropped ? all : null);
            json.WriteEndObject();
        });
    }

    /// <summary>Those of all pools, whichever was asked for; null where the dropped ones were not.</summary>
    private static void WriteDroppedCounts(Utf8JsonWriter json, ScrapePoolSnapshot[]? pools)
    {
        json.WritePropertyName("droppedTargetCounts");
        if (pools is null)
        {
            json.WriteNullValue();
            return;
        }
        json.WriteStartObject();
        foreach (var pool in pools)
        {
            json.WriteNumber(pool.JobName, pool.DroppedCount);
        }
        json.WriteEndObject();
    }

    private static void WriteTarget(Utf8JsonWriter json, TargetSnapshot target)
    {
        json.WriteStartObject();
        JsonForms.WriteLabels(json, "discoveredLabels", target.DiscoveredLabels);
        JsonForms.WriteLabels(json, "labels", target.Labels);
        json.WriteString("scrapePool", target.ScrapePool);
        json.WriteString("scrapeUrl", target.ScrapeUrl);
        json.WriteString("globalUrl", target.GlobalUrl);
        json.WriteString("lastError", target.LastError);
        json.WriteString("lastScrape", JsonForms.Rfc3339(target.LastScrape));
        json.WriteNumber("lastScrapeDuration", target.LastScrapeDuration.TotalSeconds);
        json.WriteString("health", target.Health.ToString().ToLowerInvariant());
        json.WriteString("scrapeInterval", PrometheusDuration.Format(target.ScrapeInterval));
        json.WriteString("scrapeTimeout", PrometheusDuration.Format(target.ScrapeTimeout));
        json.WriteEndObject();
    }

    private ApiReply Metadata(ApiRequest request)
    {
        var limit = -1L;
        var text = request.Parameters.Text("limit");
        if (text.Length > 0 && !ParameterReader.TryParseWhole(text, out limit, out _))
        {
            return ApiReply.Fail(ApiErrorType.BadData, "limit must be a number");
        }
        IReadOnlyList<LabelMatcher> matchers = [];
        if (request.Parameters.Text("match_target") is { Length: > 0 } selector)
        {
            if (parser(selector, out var reason) is not { } parsed)
            {
                return ApiReply.Fail(ApiError.InvalidParameter("match_target", reason));
            }
            matchers = parsed;
        }
        var metric = request.Parameters.Text("metric");
        var targets = collector.Snapshot().Pools.OrderBy(pool => pool.JobName, StringComparer.Ordinal)
            .SelectMany(pool => pool.Active)
            .Where(target => matchers.All(matcher => matcher.Matches(target.Labels[matcher.Name])));
        var found = new List<(TargetSnapshot Target, string Name, MetricMetadata Metadata)>();
        foreach (var target in targets)
        {
            // The limit stops at a target, whose families come as a whole.
            if (limit >= 0 && found.Count >= limit)
            {
                break;
            }
            found.AddRange(target.Metadata.Where(family => metric.Length == 0 || family.Key == metric)
                .Select(family => (target, family.Key, family.Value)));
        }
        return ApiReply.Stream(async stream =>
        {
            var json = stream.Writer;
            json.WriteStartArray();
            foreach (var (target, name, metadata) in found)
            {
                json.WriteStartObject();
                JsonForms.WriteLabels(json, "target", target.Labels);
                if (metric.Length == 0)
                {
                    json.WriteString("metric", name);
                }
                json.WriteString("type", metadata.Type);
                json.WriteString("help", metadata.Help);
                json.WriteString("unit", metadata.Unit);
                json.WriteEndObject();
                await stream.BreatheAsync();
            }
            json.WriteEndArray();
        });
    }
}
