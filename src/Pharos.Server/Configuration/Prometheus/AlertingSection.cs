using Pharos.Collection.Relabeling;
using Pharos.Server.Configuration.Http;
using Pharos.Server.Configuration.Prometheus.Discovery;
using Pharos.Server.Configuration.Yaml;

namespace Pharos.Server.Configuration.Prometheus;

/// <summary>Reads <c>alerting</c>. Alerts are routed in this process, so the Alertmanagers named here get none.</summary>
internal static class AlertingSection
{
    /// <returns>The rules that every alert passes before it is routed; and the Alertmanagers that are named.</returns>
    public static (IReadOnlyList<RelabelRule> Rules, IReadOnlyList<AlertmanagerTargets> Alertmanagers) Read(
        YamlMappingReader section, DiscoverySection discoveries, bool legacyNames)
    {
        var found = new List<AlertmanagerTargets>();
        var rules = RelabelSection.ReadList(section, "alert_relabel_configs", "alert relabeling rule", legacyNames);
        // Read for its faults only; what it cannot honour is said once, for the whole key.
        if (section.Find("alertmanagers") is { } alertmanagers)
        {
            section.KeyOf("alertmanagers")!.Report(ConfigSeverity.Information, ConfigProblemKind.NotHonoured,
                "alerts are routed by this process itself; nothing is sent to these Alertmanagers");
            foreach (var item in alertmanagers.AsList())
            {
                if (item.IsNull)
                {
                    item.Error("empty or null Alertmanager section");
                }
                else if (item.AsMapping() is { } map)
                {
                    found.Add(ReadAlertmanager(map, discoveries, legacyNames));
                }
            }
        }
        section.Done();
        return (rules, found);
    }

    private static AlertmanagerTargets ReadAlertmanager(YamlMappingReader map, DiscoverySection discoveries, bool legacyNames)
    {
        map.Duration("timeout");
        map.Text("path_prefix");
        map.Text("scheme");
        if (map.Find("api_version") is { } version && version.AsText() is { } text && text != "v2")
        {
            version.Error($"expected Alertmanager api version to be one of [v2] but got {text}");
        }
        if (map.Mapping("sigv4") is { } sigv4)
        {
            CloudAuthKeys.ReadSigV4(sigv4, "aps");
        }
        HttpClientSection.ReadKeys(map);
        var relabel = RelabelSection.ReadList(map, "relabel_configs", "Alertmanager target relabeling rule", legacyNames);
        RelabelSection.ReadList(map, "alert_relabel_configs", "Alertmanager alert relabeling rule", legacyNames);
        var config = new AlertmanagerTargets(discoveries.ReadAll(map, relabel), relabel);
        map.Done();
        return config;
    }
}
