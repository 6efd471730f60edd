using Pharos.Collection.Receivers.Loki.Otlp;
using Pharos.Server.Configuration;
using Pharos.Server.Configuration.Loki;

namespace Pharos.Server.Tests.Configuration.Loki;

public sealed class LokiFileTests
{
    /// <summary>The one that the seed's document has.</summary>
    private const string Old =
        """
        auth_enabled: false
        server: {http_listen_port: 3100, grpc_listen_port: 9096}
        common:
          path_prefix: /loki
          storage:
            filesystem: {chunks_directory: /loki/chunks, rules_directory: /loki/rules}
          replication_factor: 1
          ring: {instance_addr: 127.0.0.1, kvstore: {store: inmemory}}
        schema_config:
          configs:
          - from: 2020-10-24
            store: boltdb-shipper
            object_store: filesystem
            schema: v11
            index: {prefix: index_, period: 24h}
        storage_config:
          boltdb_shipper: {active_index_directory: /loki/a, cache_location: /loki/b, shared_store: filesystem}
          filesystem: {directory: /loki/chunks}
        limits_config:
          reject_old_samples: true
          reject_old_samples_max_age: 168h
          ingestion_rate_mb: 16
          ingestion_burst_size_mb: 24
        chunk_store_config: {max_look_back_period: 0s}
        table_manager: {retention_deletes_enabled: false, retention_period: 0s}
        ruler:
          storage: {type: local, local: {directory: /loki/rules}}
          rule_path: /loki/rules
          alertmanager_url: http://alertmanager:9093
          ring: {kvstore: {store: inmemory}}
          enable_api: true
        """;

    [Fact]
    public void An_old_file_works_and_says_of_every_obsolete_key_what_happens_instead()
    {
        var (config, report) = LokiFile.ReadText("loki.yml", Old);
        Assert.NotNull(config);
        Assert.False(config.AuthEnabled);
        Assert.Equal((16L << 20, 24L << 20), (config.Limits.Ingest.RateBytesPerSecond, config.Limits.Ingest.BurstBytes));
        Assert.Equal(TimeSpan.FromHours(168), config.Limits.Ingest.RejectOldSamplesMaxAge);
        Assert.Equal("/loki/rules", config.Ruler.Directory);
        Assert.Null(config.TableRetention);
        Assert.False(report.HasErrors);
        var paths = report.NotHonoured.Select(static problem => problem.Path).ToList();
        Assert.Contains("storage_config.boltdb_shipper", paths);
        Assert.Contains("chunk_store_config.max_look_back_period", paths);
        Assert.Contains("common.replication_factor", paths);
        Assert.Contains("ruler.alertmanager_url", paths);
        Assert.All(report.NotHonoured, static problem => Assert.NotEqual("", problem.Message));
        Assert.Contains("limits_config.ingestion_rate_mb", report.Honoured.Keys);
    }

    [Fact]
    public void An_empty_file_has_lokis_defaults()
    {
        var config = LokiFile.ReadText("loki.yml", "").Config!;
        var limits = config.Limits;
        Assert.Equal((4L << 20, 6L << 20, 256L << 10), (limits.Ingest.RateBytesPerSecond, limits.Ingest.BurstBytes, limits.Ingest.MaxLineBytes));
        Assert.Equal((5000, 500, TimeSpan.FromHours(721)), (limits.MaxEntriesPerQuery, limits.MaxQuerySeries, limits.MaxQueryLength));
        Assert.Equal(TimeSpan.Zero, limits.RetentionPeriod);
        Assert.False(config.RetentionEnabled);
        Assert.True(LokiFile.ReadText("loki.yml", "server: {}").Config!.AuthEnabled);
    }

    [Theory]
    [InlineData("limits_config: {ingestion_rate: 4}",
        "loki.yml:1:17: error: limits_config.ingestion_rate: unknown key \"ingestion_rate\"; did you mean \"ingestion_rate_mb\"?")]
    [InlineData("schema_confg: {}", "loki.yml:1:1: error: schema_confg: unknown key \"schema_confg\"; did you mean \"schema_config\"?")]
    [InlineData("limits_config: {max_line_size: huge}",
        "loki.yml:1:32: error: limits_config.max_line_size: \"huge\" is not a size such as 256KB or 4MB")]
    [InlineData("limits_config: {deletion_mode: maybe}",
        "loki.yml:1:32: error: limits_config.deletion_mode: \"maybe\" is none of disabled, filter-only, filter-and-delete")]
    [InlineData("limits_config: {retention_stream: [{selector: '{a=\"b\"}', period: 1h}]}",
        "loki.yml:1:58: error: limits_config.retention_stream[0].period: retention period must be >= 24h")]
    public void What_is_wrong_is_said_with_its_place(string text, string problem)
    {
        var (config, report) = LokiFile.ReadText("loki.yml", text);
        Assert.Null(config);
        Assert.Equal([problem], report.Problems.Where(static found => found.Severity is ConfigSeverity.Error).Select(static found => found.ToString()));
    }

    [Theory]
    [InlineData("http://alertmanager:9093", "the Alertmanager is this process itself: ")]
    [InlineData("dns+http://localhost:9093/alertmanager/", "the Alertmanager is this process itself: ")]
    [InlineData("http://alertmanager:9093,https://u:secret@am.example.com:9093/x", "not sent to https://am.example.com:9093: ")]
    public void An_alertmanager_is_this_process_or_is_said_to_get_nothing(string url, string begin)
    {
        var (config, report) = LokiFile.ReadText("loki.yml", $"ruler: {{alertmanager_url: '{url}', external_labels: {{region: eu}}}}");
        Assert.Equal("eu", config!.Ruler.ExternalLabels["region"]);
        var line = Assert.Single(report.NotHonoured, static problem => problem.Path == "ruler.alertmanager_url");
        Assert.StartsWith(begin, line.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("secret", line.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Limits_have_lokis_forms()
    {
        var limits = LokiFile.ReadText(
            "loki.yml",
            """
            limits_config:
              ingestion_rate_mb: 1.5
              max_line_size: 10kb
              max_line_size_truncate: true
              per_stream_rate_limit: 5MiB
              per_stream_rate_limit_burst: 20971520
              max_query_length: 30d
              max_global_streams_per_user: 7
              retention_period: 744h
              retention_stream:
              - {selector: '{namespace="dev"}', priority: 1, period: 24h}
              required_labels: [app, env]
              blocked_queries:
              - {pattern: '.*prod.*', regex: true, types: "metric,filter"}
              otlp_config:
                resource_attributes:
                  ignore_defaults: true
                  attributes_config:
                  - {action: index_label, attributes: [service.name]}
                  - {action: drop, regex: "secret.*"}
                log_attributes:
                - {action: drop, attributes: [x]}
            """).Config!.Limits;
        Assert.Equal((3L << 19, 10L << 10, true), (limits.Ingest.RateBytesPerSecond, limits.Ingest.MaxLineBytes, limits.Ingest.TruncateLines));
        Assert.Equal((5L << 20, 20L << 20), (limits.Ingest.StreamRateBytesPerSecond, limits.Ingest.StreamBurstBytes));
        Assert.Equal((TimeSpan.FromDays(30), 7, TimeSpan.FromDays(31)), (limits.MaxQueryLength, limits.Ingest.MaxActiveStreams, limits.RetentionPeriod));
        Assert.Equal((1, TimeSpan.FromDays(1)), (limits.RetentionStreams[0].Priority, limits.RetentionStreams[0].Period));
        Assert.True(limits.BlockedQueries[0].Blocks("{env=\"prod\"}", "filter"));
        Assert.False(limits.BlockedQueries[0].Blocks("{env=\"prod\"}", "limited"));
        var otlp = limits.Ingest.Otlp;
        Assert.Equal(OtlpAttributeAction.IndexLabel, OtlpAttributeRule.Decide(otlp.ResourceAttributes, "service.name"));
        Assert.Equal(OtlpAttributeAction.Drop, OtlpAttributeRule.Decide(otlp.ResourceAttributes, "secret.key"));
        Assert.Equal(OtlpAttributeAction.StructuredMetadata, OtlpAttributeRule.Decide(otlp.ResourceAttributes, "k8s.pod.name"));
    }

    [Fact]
    public void Variables_have_defaults_and_other_dollars_stay()
    {
        var environment = new ConfigEnvironment(static name => name == "RATE" ? "8" : null, InsideCluster: false);
        var config = LokiFile.ReadText(
            "loki.yml", "limits_config: {ingestion_rate_mb: ${RATE:-4}, ingestion_burst_size_mb: ${BURST:-9}}\ncommon: {path_prefix: '$1 ${2}'}",
            environment).Config!;
        Assert.Equal((8L << 20, 9L << 20), (config.Limits.Ingest.RateBytesPerSecond, config.Limits.Ingest.BurstBytes));
    }

    [Fact]
    public void The_table_managers_retention_holds_where_nothing_newer_is_said()
    {
        var config = LokiFile.ReadText("loki.yml", "table_manager: {retention_deletes_enabled: true, retention_period: 72h}").Config!;
        Assert.Equal(TimeSpan.FromHours(72), config.TableRetention);
    }

    [Fact]
    public void A_runtime_file_overrides_single_limits_of_tenants()
    {
        var folder = Directory.CreateTempSubdirectory("pharos-loki-");
        var path = Write(folder, "overrides.yml", "overrides:\n  a: {ingestion_rate_mb: 1}\n  b: {max_query_series: 9}\n");
        var (overrides, report) = LokiRuntimeFile.Read(path, LokiLimits.Default with { MaxQuerySeries = 7 });
        Assert.False(report.HasErrors);
        Assert.Equal((1L << 20, 7), (overrides!["a"].Ingest.RateBytesPerSecond, overrides["a"].MaxQuerySeries));
        Assert.Equal(9, overrides["b"].MaxQuerySeries);
        var bad = LokiRuntimeFile.Read(Write(folder, "bad.yml", "overrides:\n  a: {ingestion_rat_mb: 1}\n"), LokiLimits.Default);
        Assert.Null(bad.Overrides);
        folder.Delete(recursive: true);
    }

    private static string Write(DirectoryInfo folder, string name, string text)
    {
        var path = Path.Combine(folder.FullName, name);
        File.WriteAllText(path, text);
        return path;
    }
}
