using System.Text.Json;
using Pharos.Alerting.Templates;
using Pharos.Collection.Discovery;
using Pharos.Query.PromQL.Functions;
using Pharos.Query.PromQL.Syntax;
using Pharos.Server.Hosting;

namespace Pharos.Server.Api.Prometheus.Status;

/// <summary><c>features</c>: what this server can do, under the names and in the groups of Prometheus' own list.</summary>
internal static class FeatureList
{
    /// <summary>Discoveries that find targets; the others are read and refused by name.</summary>
    private static readonly HashSet<string> Discoveries =
        new(StringComparer.Ordinal) { "consul", "dns", "docker", "dockerswarm", "file", "http", "kubernetes", "static" };

    private const string TypeAndUnitLabels = "type-and-unit-labels";

    /// <summary>Registered by Prometheus beside the kinds that a configuration file names: roles of <c>aws</c>.</summary>
    private static readonly string[] AwsRoles = ["ecs", "elasticache", "msk", "rds"];

    public static void Write(Utf8JsonWriter json, PharosServerOptions options)
    {
        json.WriteStartObject();
        foreach (var (group, features) in Of(options).OrderBy(group => group.Key, StringComparer.Ordinal))
        {
            json.WriteStartObject(group);
            foreach (var (name, present) in features.OrderBy(feature => feature.Name, StringComparer.Ordinal))
            {
                json.WriteBoolean(name, present);
            }
            json.WriteEndObject();
        }
        json.WriteEndObject();
    }

    internal static IReadOnlyDictionary<string, (string Name, bool Present)[]> Of(PharosServerOptions options) =>
        new Dictionary<string, (string, bool)[]>(StringComparer.Ordinal)
        {
            ["api"] = Api(options),
            ["otlp_receiver"] =
            [
                ("delta_conversion", options.EnabledFeatures.Contains("otlp-deltatocumulative")),
                ("native_delta_ingestion", options.EnabledFeatures.Contains("otlp-native-delta-ingestion")),
            ],
            ["prometheus"] =
            [
                ("agent_mode", false), ("auto_reload_config", options.AutoReloadInterval is not null), ("server_mode", true),
                ("stringlabels", false),
            ],
            ["promql"] = Language(options),
            ["promql_functions"] = [.. PromFunctions.All.Select(static function => (function.Name, true))],
            ["promql_operators"] = Operators(),
            ["rules"] = [("concurrent_rule_eval", false), ("keep_firing_for", true), ("query_offset", true)],
            ["scrape"] =
            [
                ("extra_scrape_metrics", true),
                ("start_timestamp_zero_ingestion", options.EnabledFeatures.Contains("created-timestamp-zero-ingestion")),
                ("type_and_unit_labels", options.EnabledFeatures.Contains(TypeAndUnitLabels)),
            ],
            ["service_discovery_providers"] =
                [.. DiscoveryKinds.All.Append("static").Concat(AwsRoles).Distinct().Select(static kind => (kind, Discoveries.Contains(kind)))],
            ["templating_functions"] = [.. RuleTemplate.FunctionNames.Select(static name => (name, true))],
            ["tsdb"] =
            [
                ("delayed_compaction", false), ("exemplar_storage", true), ("histograms_st_encoding", false), ("isolation", true),
                ("native_histograms", true), ("st_storage", options.EnabledFeatures.Contains("st-storage")),
                ("use_uncached_io", false), ("xor2_encoding", false),
            ],
            // The web interface is another one than either of Prometheus'.
            ["ui"] = [("ui_v2", false), ("ui_v3", false)],
        };

    private static (string, bool)[] Api(PharosServerOptions options) =>
    [
        ("admin", options.EnableAdminApi), ("exclude_alerts", true), ("label_values_match", true),
        ("lifecycle", options.EnableLifecycle), ("openapi_3.1", true), ("openapi_3.2", true),
        ("otlp_write_receiver", options.EnableOtlpReceiver), ("query_stats", true), ("query_warnings", true),
        ("remote_write_receiver", options.EnableRemoteWriteReceiver),
        ("search", options.EnabledFeatures.Contains("search-api")), ("search_fuzz_alg_jarowinkler", true),
        ("search_fuzz_alg_subsequence", true), ("time_range_labels", true), ("time_range_series", true),
    ];

    private static (string, bool)[] Language(PharosServerOptions options) =>
    [
        ("anchored", true), ("at_modifier", true), ("bool", true), ("by", true),
        ("delayed_name_removal", options.EnabledFeatures.Contains("promql-delayed-name-removal")), ("duration_expr", true),
        ("fill", true), ("fill_left", true), ("fill_right", true), ("group_left", true), ("group_right", true), ("ignoring", true),
        ("negative_offset", true), ("offset", true), ("on", true), ("per_query_lookback_delta", true),
        ("per_step_stats", options.EnabledFeatures.Contains("promql-per-step-stats")),
        ("smoothed", true), ("subqueries", true), ("type_and_unit_labels", options.EnabledFeatures.Contains(TypeAndUnitLabels)), ("without", true),
    ];

    private static (string, bool)[] Operators() =>
    [
        .. Enum.GetValues<BinaryOperator>().Select(static op => (op.Symbol(), true)),
        .. Enum.GetValues<AggregateOperator>().Select(static op => (op.Symbol(), true)),
        ("!~", true), ("=~", true), ("@", true),
    ];
}
