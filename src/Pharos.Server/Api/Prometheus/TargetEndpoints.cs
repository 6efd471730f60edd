using System.Text.Json;
using Pharos.Collection.Scraping;
using Pharos.Storage.Model;
using Pharos.Storage.Text;

namespace Pharos.Server.Api.Prometheus;

/// <summary><c>targets</c>, <c>targets/metadata</c> and <c>scrape_pools</c>.</summary>
internal sealed class TargetEndpoints(Collector collector, SelectorParser parser)
{
    public void Map(ApiRoutes routes)
    {
        routes.MapGet("/targets", Targets);
        routes.MapGet("/targets/metadata", Metadata);
        routes.MapGet("/scrape_pools", _ => ApiReply.Data(json =>
        {
            json.WriteStartObject();
            JsonForms.WriteStrings(
                json, "scrapePools", collector.Snapshot().Pools.Select(pool => pool.JobName).Order(StringComparer.Ordinal));
            json.WriteEndObject();
        }));
    }

    private ApiReply Targets(ApiRequest request)
    {
        var state = request.Parameters.Text("state").ToLowerInvariant();
        var wanted = request.Parameters.Text("scrapePool");
        var showActive = state is "" or "any" or "active";
        var showDropped = state is "" or "any" or "dropped";
        if (!showActive && !showDropped)
        {
            return ApiReply.Fail(ApiError.InvalidParameter("state", $"{GoQuote.Quote(state)} is none of any, active, dropped"));
        }
        var pools = collector.Snapshot().Pools
            .Where(pool => wanted.Length == 0 || pool.JobName == wanted)
            .OrderBy(pool => pool.JobName, StringComparer.Ordinal).ToArray();
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
            json.WriteStartObject("droppedTargetCounts");
            foreach (var pool in pools)
            {
                json.WriteNumber(pool.JobName, pool.DroppedCount);
            }
            json.WriteEndObject();
            json.WriteEndObject();
        });
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
        IReadOnlyList<LabelMatcher> matchers = [];
        if (request.Parameters.Text("match_target") is { Length: > 0 } selector)
        {
            if (parser(selector, out var reason) is not { } parsed)
            {
                return ApiReply.Fail(ApiError.InvalidParameter("match_target", reason));
            }
            matchers = parsed;
        }
        var limit = int.MaxValue;
        var text = request.Parameters.Text("limit");
        if (text.Length > 0 && !int.TryParse(text, out limit))
        {
            return ApiReply.Fail(ApiErrorType.BadData, "limit must be a number");
        }
        var metric = request.Parameters.Text("metric");
        var found = collector.Snapshot().Active
            .Where(target => matchers.All(matcher => matcher.Matches(target.Labels[matcher.Name])))
            .SelectMany(target => target.Metadata
                .Where(family => metric.Length == 0 || family.Key == metric)
                .Select(family => (target, family.Key, family.Value)))
            .Take(limit < 0 ? int.MaxValue : limit).ToArray();
        if (found.Length == 0)
        {
            return ApiReply.Fail(ApiErrorType.NotFound, "specified metadata not found");
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
