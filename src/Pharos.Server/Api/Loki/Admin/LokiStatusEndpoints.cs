using System.Globalization;
using Microsoft.AspNetCore.Http;
using Pharos.Server.Configuration.Loki;
using Pharos.Server.Hosting;
using Pharos.Server.Logs;
using Pharos.Storage.Logs;
using Pharos.Storage.Text;

namespace Pharos.Server.Api.Loki.Admin;

/// <summary>What operators and Grafana ask a Loki about itself. Where a path is Prometheus' on the one port, it stands below
/// <c>/loki</c>, and on Loki's familiar port at its own place (<see cref="LokiPort"/>).</summary>
internal sealed class LokiStatusEndpoints(ILogStore store, LokiTenants tenants, Func<bool> isReady, Func<string> configText)
{
    private static readonly string[] Services =
    [
        "server", "memberlist-kv", "ring", "distributor", "ingester", "store", "querier", "query-frontend", "ruler", "compactor",
    ];

    public void Map(LokiRoutes routes)
    {
        routes.MapRead("/loki/ready", request => isReady() ? LokiReply.TextAsync(request.Context, "ready\n")
            : LokiReply.TextAsync(request.Context, "Ingester not ready: starting\n", status: StatusCodes.Status503ServiceUnavailable));
        routes.MapRead("/loki/config", request => LokiReply.TextAsync(request.Context, ConfigText(request), "text/plain; charset=utf-8"));
        routes.MapRead("/loki/config/tenant/v1/limits", request => LokiReply.TextAsync(
            request.Context, LimitsText.Yaml(tenants.LimitsOf(request.Tenant)), "application/yaml"));
        routes.MapRead("/loki/services", request => LokiReply.TextAsync(
            request.Context, string.Concat(Services.Select(static name => $"{name} => Running\n"))));
        routes.Map("/loki/log_level", LogLevelAsync, "GET", "POST");
        routes.MapRead("/loki/api/v1/status/buildinfo", request => BuildInfoAsync(request.Context));
        routes.MapRead("/loki/api/v1/drilldown-limits", DrilldownLimitsAsync);
        routes.Map("/loki/flush", FlushAsync, "GET", "POST");
        routes.Map("/loki/ingester/flush_shutdown", FlushAsync, "POST");
        routes.Map("/loki/ingester/shutdown", FlushAsync, "GET", "POST");
        routes.Map("/loki/ingester/prepare_shutdown", PrepareAsync, "GET", "POST", "DELETE");
        foreach (var ring in (string[])["/loki/ring", "/loki/memberlist", "/loki/compactor/ring", "/loki/ruler/ring", "/loki/distributor/ring",
            "/loki/indexgateway/ring", "/loki/scheduler/ring"])
        {
            routes.MapRead(ring, request => LokiReply.TextAsync(request.Context, "One process does everything here: there is no ring.\n"));
        }
    }

    private string ConfigText(LokiRequest request)
    {
        var text = configText();
        return request.Text("mode") switch
        {
            "defaults" => $"limits_config:\n{LimitsText.Yaml(LokiLimits.Default, 2)}",
            _ => text.Length > 0 ? text : "# no loki.yml: every value is Loki's default\n",
        };
    }

    private static Task LogLevelAsync(LokiRequest request) => HttpMethods.IsPost(request.Context.Request.Method)
        ? throw LokiRefusal.BadRequest("the level is set by --log.level")
        : LokiReply.JsonAsync(request.Context, json =>
        {
            json.WriteStartObject();
            json.WriteString("message", "Current log level is set by --log.level");
            json.WriteEndObject();
        });

    private static Task BuildInfoAsync(HttpContext context) => LokiReply.JsonAsync(context, json =>
    {
        json.WriteStartObject();
        // Clients switch features on by Loki's version: this is the newest whose API is spoken here.
        json.WriteString("version", "3.5.0");
        json.WriteString("revision", ServerVersion.Number);
        json.WriteString("branch", "pharos");
        json.WriteString("buildUser", "");
        json.WriteString("buildDate", "");
        json.WriteString("goVersion", "");
        json.WriteEndObject();
    });

    private Task DrilldownLimitsAsync(LokiRequest request)
    {
        var limits = tenants.LimitsOf(request.Tenant);
        return LokiReply.JsonAsync(request.Context, json =>
        {
            json.WriteStartObject();
            json.WriteStartObject("limits");
            json.WriteBoolean("discover_log_levels", limits.Ingest.DiscoverLevels);
            JsonForms.WriteStrings(json, "discover_service_name", limits.Ingest.ServiceNameSources);
            JsonForms.WriteStrings(json, "log_level_fields", limits.Ingest.LevelFields.Names);
            json.WriteNumber("max_entries_limit_per_query", limits.MaxEntriesPerQuery);
            json.WriteNumber("max_line_size_truncate", limits.Ingest.TruncateLines ? 1 : 0);
            json.WriteString("max_query_bytes_read", limits.MaxQueryBytes.ToString(CultureInfo.InvariantCulture));
            json.WriteString("max_query_length", GoDuration.Format(limits.MaxQueryLength));
            json.WriteString("max_query_lookback", GoDuration.Format(limits.MaxQueryLookback));
            json.WriteString("max_query_range", GoDuration.Format(limits.MaxQueryRange));
            json.WriteNumber("max_query_series", limits.MaxQuerySeries);
            json.WriteBoolean("metric_aggregation_enabled", false);
            json.WriteBoolean("pattern_persistence_enabled", true);
            json.WriteString("query_timeout", GoDuration.Format(limits.QueryTimeout));
            json.WriteString("retention_period", GoDuration.Format(limits.RetentionPeriod));
            json.WriteBoolean("volume_enabled", limits.VolumeEnabled);
            json.WriteNumber("volume_max_series", limits.VolumeMaxSeries);
            json.WriteEndObject();
            json.WriteBoolean("pattern_ingester_enabled", true);
            json.WriteString("version", "3.5.0");
            json.WriteNumber("maxDetectedFields", 1000);
            json.WriteNumber("maxDetectedValues", 1000);
            json.WriteNumber("maxLabelValues", 1000);
            json.WriteNumber("maxLines", limits.MaxEntriesPerQuery);
            json.WriteEndObject();
        });
    }

    private Task FlushAsync(LokiRequest request)
    {
        store.Flush(request.Cancellation);
        request.Context.Response.StatusCode = StatusCodes.Status204NoContent;
        return Task.CompletedTask;
    }

    /// <summary>A stop of this process flushes anyway: there is nothing to prepare.</summary>
    private static Task PrepareAsync(LokiRequest request)
    {
        if (HttpMethods.IsGet(request.Context.Request.Method))
        {
            return LokiReply.TextAsync(request.Context, "unset\n");
        }
        request.Context.Response.StatusCode = StatusCodes.Status204NoContent;
        return Task.CompletedTask;
    }
}
