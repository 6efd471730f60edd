using Pharos.Collection.Relabeling;
using Pharos.Server.Configuration.Http;
using Pharos.Server.Configuration.Prometheus.Discovery;
using Pharos.Server.Configuration.Yaml;
using Pharos.Server.Outbound;

namespace Pharos.Server.Configuration.Prometheus;

/// <summary>Reads <c>alerting</c>: what happens to the alerts of the rules before they are routed here and sent on.</summary>
internal static class AlertingSection
{
    /// <returns>The rules that every alert passes; and the Alertmanagers that it is sent on to.</returns>
    public static (IReadOnlyList<RelabelRule> Rules, IReadOnlyList<AlertmanagerSetOptions> Alertmanagers) Read(
        YamlMappingReader section, DiscoverySection discoveries, bool legacyNames)
    {
        var found = new List<AlertmanagerSetOptions>();
        var rules = RelabelSection.ReadList(section, "alert_relabel_configs", "alert relabeling rule", legacyNames);
        foreach (var item in section.List("alertmanagers"))
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
        section.Done();
        return (rules, found);
    }

    private static AlertmanagerSetOptions ReadAlertmanager(YamlMappingReader map, DiscoverySection discoveries, bool legacyNames)
    {
        if (map.Find("api_version") is { } version && version.AsText() is { } text && text != "v2")
        {
            version.Error($"expected Alertmanager api version to be one of [v2] but got {text}");
        }
        var http = HttpClientSection.ReadKeys(map);
        if (map.Mapping("sigv4") is { } sigv4)
        {
            if (http.BasicAuth is not null || http.Authorization is not null || http.OAuth2 is not null)
            {
                map.ErrorAt("sigv4", "at most one of basic_auth, authorization, oauth2, or sigv4 must be configured");
            }
            http = http with { Aws = CloudAuthKeys.ReadSigV4(sigv4, "aps") };
        }
        var relabel = RelabelSection.ReadList(map, "relabel_configs", "Alertmanager target relabeling rule", legacyNames);
        var set = new AlertmanagerSetOptions
        {
            Scheme = map.Text("scheme", Uri.UriSchemeHttp),
            PathPrefix = map.Text("path_prefix"),
            Timeout = map.Duration("timeout", TimeSpan.FromSeconds(10)),
            RelabelRules = relabel,
            AlertRelabelRules = RelabelSection.ReadList(
                map, "alert_relabel_configs", "Alertmanager alert relabeling rule", legacyNames),
            Discoveries = discoveries.ReadAll(map, relabel),
            CreateHttpClient = () => OutboundHttpClient.Create(http),
            HttpFingerprint = http.Fingerprint(),
        };
        map.Done();
        return set;
    }
}
