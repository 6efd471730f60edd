using System.Text.Json;
using Pharos.Collection.Relabeling;
using Pharos.Collection.Scraping;
using Pharos.Server.Configuration.Prometheus;
using Pharos.Server.Hosting;
using Pharos.Storage.Model;
using Pharos.Storage.Text;

namespace Pharos.Server.Api.Prometheus.Targets;

/// <summary><c>scrape_pools</c>, <c>scrape_pools/config</c> and <c>targets/relabel_steps</c>: the jobs and what they do to
/// the labels of their targets.</summary>
internal sealed class ScrapePoolEndpoints(Collector collector, Func<ConfigurationSnapshot> configuration)
{
    private const string NoPool = "no scrapePool parameter provided";

    public void Map(ApiRoutes routes)
    {
        routes.MapGet("/scrape_pools", _ => ApiReply.Data(WriteNames));
        routes.MapGet("/scrape_pools/config", Config);
        routes.MapGet("/targets/relabel_steps", RelabelSteps);
    }

    private void WriteNames(Utf8JsonWriter json)
    {
        json.WriteStartObject();
        JsonForms.WriteStrings(
            json, "scrapePools", collector.Snapshot().Pools.Select(pool => pool.JobName).Order(StringComparer.Ordinal));
        json.WriteEndObject();
    }

    private ApiReply Config(ApiRequest request)
    {
        var name = request.Parameters.Text("scrapePool");
        if (name.Length == 0)
        {
            return ApiReply.Fail(ApiErrorType.BadData, NoPool);
        }
        if (Find(name) is not { } job)
        {
            return ApiReply.Fail(Unknown(name));
        }
        var yaml = ScrapeJobText.Of(job, configuration().ScrapeConfigTexts);
        return ApiReply.Data(json =>
        {
            json.WriteStartObject();
            json.WriteString("yaml", yaml);
            json.WriteEndObject();
        });
    }

    private ApiReply RelabelSteps(ApiRequest request)
    {
        var name = request.Parameters.Text("scrapePool");
        if (name.Length == 0)
        {
            return ApiReply.Fail(ApiErrorType.BadData, NoPool);
        }
        var text = request.Parameters.Text("labels");
        if (text.Length == 0)
        {
            return ApiReply.Fail(ApiErrorType.BadData, "no labels parameter provided");
        }
        LabelSet labels;
        try
        {
            labels = LabelSet.From(JsonSerializer.Deserialize<Dictionary<string, string>>(text) ?? []);
        }
        catch (JsonException e)
        {
            return ApiReply.Fail(ApiErrorType.BadData, $"error parsing labels: {e.Message}");
        }
        return Find(name) is { } job ? ApiReply.Data(json => WriteSteps(json, job.RelabelRules, labels)) : ApiReply.Fail(Unknown(name));
    }

    private ScrapeJobOptions? Find(string name) => configuration().ScrapeJobs.FirstOrDefault(job => job.JobName == name);

    private static ApiError Unknown(string name) => new(
        ApiErrorType.BadData, $"error retrieving scrape config: scrape pool {GoQuote.Quote(name)} not found");

    private static void WriteSteps(Utf8JsonWriter json, IReadOnlyList<RelabelRule> rules, LabelSet labels)
    {
        var builder = new LabelSetBuilder(labels);
        var keep = true;
        json.WriteStartObject();
        json.WriteStartArray("steps");
        foreach (var rule in rules)
        {
            keep = keep && Relabeler.Apply([rule], builder);
            json.WriteStartObject();
            WriteRule(json, rule);
            JsonForms.WriteLabels(json, "output", keep ? builder.Build() : LabelSet.Empty);
            json.WriteBoolean("keep", keep);
            json.WriteEndObject();
        }
        json.WriteEndArray();
        json.WriteEndObject();
    }

    private static void WriteRule(Utf8JsonWriter json, RelabelRule rule)
    {
        json.WriteStartObject("rule");
        if (rule.SourceLabels.Count > 0)
        {
            JsonForms.WriteStrings(json, "source_labels", rule.SourceLabels);
        }
        json.WriteString("separator", rule.Separator);
        json.WriteString("regex", rule.Regex.Pattern);
        if (rule.Modulus > 0)
        {
            json.WriteNumber("modulus", rule.Modulus);
        }
        if (rule.TargetLabel.Length > 0)
        {
            json.WriteString("target_label", rule.TargetLabel);
        }
        json.WriteString("replacement", rule.Replacement);
        json.WriteString("action", rule.Action.ToString().ToLowerInvariant());
        json.WriteEndObject();
    }
}
