using Pharos.Server.Configuration.Yaml;
using Pharos.Storage.Model;

namespace Pharos.Server.Configuration.Loki;

/// <summary>Reads <c>ruler</c>.</summary>
internal static class RulerSection
{
    private const string Routing =
        "alerts of logs are routed here as those of metrics: by alertmanager.yml, and to the Alertmanagers of prometheus.yml";

    private const int AlertmanagerPort = 9093;

    private const int OwnPort = 9090;

    /// <param name="directory">From <c>common.storage.filesystem.rules_directory</c>.</param>
    public static LokiRulerConfig Read(YamlMappingReader section, string directory)
    {
        if (section.Mapping("storage") is { } storage)
        {
            var type = storage.Text("type");
            if (storage.Mapping("local") is { } local)
            {
                directory = local.Text("directory", directory);
                local.Done();
            }
            storage.ErrorUnless(
                type is "" or "local" or "filesystem" or "s3" or "gcs" or "azure" or "swift" or "bos" or "cos" or "alibabacloud", "type",
                $"unrecognized rule storage mode {YamlValue.Echo(type)}");
            storage.Ignore("rules are read from the local directory", "s3", "gcs", "azure", "swift", "bos", "cos", "alibabacloud", "backend");
            storage.Done();
        }
        var ruler = new LokiRulerConfig
        {
            Directory = section.Reading.Resolve(directory),
            EvaluationInterval = section.LokiDuration("evaluation_interval", LokiRulerConfig.Default.EvaluationInterval),
            EnableApi = section.Flag("enable_api", true),
            ExternalLabels = ReadLabels(section),
        };
        ReadAlertmanagers(section);
        section.ErrorUnless(ruler.EvaluationInterval > TimeSpan.Zero, "evaluation_interval", "the interval must be more than zero");
        section.Ignore("rules are kept where they are read from", "rule_path");
        section.Ignore("rule files are read again at a reload", "poll_interval");
        section.Ignore(
            Routing, "enable_alertmanager_discovery", "alertmanager_refresh_interval", "enable_alertmanager_v2",
            "alertmanager_client", "notification_queue_capacity", "notification_timeout", "alert_relabel_configs");
        section.Ignore("links in alerts lead to this server", "external_url", "datasource_uid");
        section.Ignore(
            "the flags --rules.alert.for-outage-tolerance, -for-grace-period and -resend-delay say it", "for_outage_tolerance",
            "for_grace_period", "resend_delay");
        section.Ignore(
            "one process evaluates all rules", "enable_sharding", "sharding_strategy", "sharding_algo", "search_pending_for", "ring",
            "flush_period", "ruler_client", "evaluation", "enabled_tenants", "disabled_tenants", "query_stats_enabled",
            "disable_rule_group_label");
        section.Ignore("results of recording rules go into the metric store here, with its own log", "wal", "wal_cleaner");
        section.Ignore("results of recording rules go into the metric store here; prometheus.yml's remote_write sends on", "remote_write");
        section.Done();
        return ruler;
    }

    private static LabelSet ReadLabels(YamlMappingReader section)
    {
        var labels = new LabelSetBuilder();
        foreach (var (name, value) in section.Entries("external_labels"))
        {
            if (!MetricNames.IsLegacyValidLabel(name))
            {
                value.Error($"{YamlValue.Echo(name)} is not a valid label name");
            }
            else if (value.AsText() is { } text)
            {
                labels.Set(name, text);
            }
        }
        return labels.Build();
    }

    /// <summary>Addresses, separated by commas; also <c>dns+</c> in front of one, as Loki looks it up by SRV records.</summary>
    private static void ReadAlertmanagers(YamlMappingReader section)
    {
        var others = new List<string>();
        foreach (var address in section.Text("alertmanager_url").Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
        {
            if (!Uri.TryCreate(address.StartsWith("dns+", StringComparison.Ordinal) ? address[4..] : address, UriKind.Absolute, out var url))
            {
                section.ErrorAt("alertmanager_url", $"{YamlValue.Echo(address)} is not a valid URL");
            }
            else if (!IsItself(url))
            {
                others.Add(url.GetLeftPart(UriPartial.Authority).Replace(url.UserInfo + "@", "", StringComparison.Ordinal));
            }
        }
        section.KeyOf("alertmanager_url")?.Report(
            ConfigSeverity.Information, ConfigProblemKind.NotHonoured,
            others.Count == 0 ? $"the Alertmanager is this process itself: {Routing}" : $"not sent to {string.Join(", ", others)}: {Routing}");
    }

    /// <summary>Of this machine, or by the name that the one of a compose file has.</summary>
    private static bool IsItself(Uri url) => (url.IsLoopback || url.Host == "alertmanager") && url.Port is AlertmanagerPort or OwnPort;
}
