using System.Text.Json;
using Pharos.Server.Configuration.Yaml;

namespace Pharos.Server.Configuration;

/// <summary>Tells by its content what a file is.</summary>
internal static class ConfigFileKinds
{
    /// <summary>The keys at the top of a mapping by which a kind is known; the first that fits wins.</summary>
    private static readonly (ConfigFileKind Kind, string[] Keys)[] Signs =
    [
        (ConfigFileKind.Alertmanager, ["route", "receivers"]),
        (ConfigFileKind.Alertmanager, ["receivers"]),
        (ConfigFileKind.RuleTests, ["tests"]),
        (ConfigFileKind.Promtail, ["clients"]),
        (ConfigFileKind.Promtail, ["positions"]),
        (ConfigFileKind.Promtail, ["scrape_configs", "server"]),
        (ConfigFileKind.Promtail, ["scrape_configs", "target_config"]),
        (ConfigFileKind.Promtail, ["scrape_configs", "limits_config"]),
        (ConfigFileKind.Loki, ["schema_config"]),
        (ConfigFileKind.Loki, ["auth_enabled"]),
        (ConfigFileKind.Loki, ["limits_config"]),
        (ConfigFileKind.Rules, ["groups"]),
        (ConfigFileKind.Runbook, ["incident_type"]),
        (ConfigFileKind.ServiceLevelObjectives, ["slos"]),
        (ConfigFileKind.Web, ["tls_server_config"]),
        (ConfigFileKind.Web, ["basic_auth_users"]),
        (ConfigFileKind.Web, ["http_server_config"]),
        (ConfigFileKind.Prometheus, ["scrape_configs"]),
        (ConfigFileKind.Prometheus, ["scrape_config_files"]),
        (ConfigFileKind.Prometheus, ["rule_files"]),
        (ConfigFileKind.Prometheus, ["alerting"]),
        (ConfigFileKind.Prometheus, ["remote_write"]),
        (ConfigFileKind.Prometheus, ["global"]),
    ];

    /// <summary>Keys by which a job of scrape_configs is one of Promtail's.</summary>
    private static readonly string[] ShippingKeys =
    [
        "pipeline_stages", "journal", "syslog", "loki_push_api", "gelf", "kafka", "windows_events", "gcplog", "azure_event_hubs", "cloudflare",
        "heroku_drain", "consulagent_sd_configs", "decompression",
    ];

    /// <summary>What a broken file is taken for by its name, so that its mistake is shown rather than passed over.</summary>
    private static readonly (string Name, ConfigFileKind Kind)[] Names =
    [
        ("prometheus", ConfigFileKind.Prometheus), ("alertmanager", ConfigFileKind.Alertmanager),
        ("promtail", ConfigFileKind.Promtail), ("loki", ConfigFileKind.Loki), ("rules", ConfigFileKind.Rules),
        ("alerts", ConfigFileKind.Rules),
    ];

    public static FoundFile Of(string path)
    {
        if (!ConfigText.TryRead(path, out var text, out var error))
        {
            return new FoundFile(path, ConfigFileKind.Unknown, error);
        }
        return Path.GetExtension(path).ToLowerInvariant() switch
        {
            ".json" => OfJson(path, text),
            ".tmpl" or ".tpl" => new FoundFile(path, ConfigFileKind.Template, "its extension"),
            _ => OfYaml(path, text),
        };
    }

    private static FoundFile OfJson(string path, string text)
    {
        try
        {
            using var json = JsonDocument.Parse(text, new JsonDocumentOptions
            {
                CommentHandling = JsonCommentHandling.Skip,
                AllowTrailingCommas = true,
            });
            var root = json.RootElement;
            if (root.ValueKind == JsonValueKind.Object && root.TryGetProperty("dashboard", out var wrapped) && IsDashboard(wrapped))
            {
                return new FoundFile(path, ConfigFileKind.Dashboard, "panels inside \"dashboard\"");
            }
            if (IsDashboard(root))
            {
                return new FoundFile(path, ConfigFileKind.Dashboard, "panels");
            }
            return root.ValueKind == JsonValueKind.Array && root.GetArrayLength() > 0 &&
                root[0].ValueKind == JsonValueKind.Object && root[0].TryGetProperty("targets", out _)
                ? new FoundFile(path, ConfigFileKind.TargetFile, "a list with targets")
                : new FoundFile(path, ConfigFileKind.Unknown, "JSON that is neither a dashboard nor a list of targets");
        }
        catch (JsonException)
        {
            return new FoundFile(path, ConfigFileKind.Unknown, "not valid JSON");
        }
    }

    private static bool IsDashboard(JsonElement element) => element.ValueKind == JsonValueKind.Object &&
        (element.TryGetProperty("panels", out var panels) || element.TryGetProperty("rows", out panels)) &&
        panels.ValueKind == JsonValueKind.Array;

    private static FoundFile OfYaml(string path, string text)
    {
        var root = YamlTreeBuilder.Build(new ConfigReading(path, text));
        if (root is YamlSequence list && list.Items.OfType<YamlMapping>().Any(item => item.Find("targets") is not null))
        {
            return new FoundFile(path, ConfigFileKind.TargetFile, "a list with targets");
        }
        if (root is not null and not YamlMapping)
        {
            return new FoundFile(path, ConfigFileKind.Unknown, "no key that Pharos knows");
        }
        var keys = root is YamlMapping map
            ? map.Entries.Select(entry => entry.Key.Text).ToHashSet(StringComparer.Ordinal) : TopKeys(text);
        if (keys.Contains("apiVersion") && keys.Contains("kind"))
        {
            return new FoundFile(path, ConfigFileKind.Unknown, "a Kubernetes manifest");
        }
        if (root is YamlMapping jobs && ShippingKeyOf(jobs) is { } shipping)
        {
            return new FoundFile(path, ConfigFileKind.Promtail, shipping);
        }
        foreach (var (kind, signs) in Signs)
        {
            if (signs.All(keys.Contains))
            {
                return new FoundFile(path, kind, string.Join(" and ", signs));
            }
        }
        if (root is YamlMapping objectives && HasObjectives(objectives))
        {
            return new FoundFile(path, ConfigFileKind.ServiceLevelObjectives, "a target and a query");
        }
        return root is null ? OfName(path) : new FoundFile(path, ConfigFileKind.Unknown, "no key that Pharos knows");
    }

    private static string? ShippingKeyOf(YamlMapping root) => root.Find("scrape_configs")?.Value is YamlSequence jobs
        ? jobs.Items.OfType<YamlMapping>().SelectMany(job => ShippingKeys.Where(key => job.Find(key) is not null)).FirstOrDefault() : null;

    /// <summary>Objectives stand in groups: each a mapping with a target and a query.</summary>
    private static bool HasObjectives(YamlMapping root) => root.Entries.Select(entry => entry.Value).OfType<YamlMapping>()
        .SelectMany(group => group.Entries).Select(entry => entry.Value).OfType<YamlMapping>()
        .Any(objective => objective.Find("target") is not null && objective.Find("query") is not null);

    private static FoundFile OfName(string path)
    {
        var name = Path.GetFileNameWithoutExtension(path);
        foreach (var (part, kind) in Names)
        {
            if (name.Contains(part, StringComparison.OrdinalIgnoreCase))
            {
                return new FoundFile(path, kind, "its name");
            }
        }
        return new FoundFile(path, ConfigFileKind.Unknown, "no key that Pharos knows");
    }

    /// <summary>The keys that start a line, for a text that is no valid YAML.</summary>
    private static HashSet<string> TopKeys(string text)
    {
        var keys = new HashSet<string>(StringComparer.Ordinal);
        foreach (var line in text.AsSpan().EnumerateLines())
        {
            var colon = line.IndexOf(':');
            if (colon > 0 && !line[..colon].ContainsAnyExcept("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ_"))
            {
                keys.Add(line[..colon].ToString());
            }
        }
        return keys;
    }
}
