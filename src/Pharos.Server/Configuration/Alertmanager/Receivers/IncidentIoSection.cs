using Pharos.Alerting.Receivers.IncidentIo;
using Pharos.Server.Configuration.Yaml;
using Pharos.Server.Outbound;
using Pharos.Storage.Model;

namespace Pharos.Server.Configuration.Alertmanager.Receivers;

/// <summary>Reads one entry of <c>incidentio_configs</c>.</summary>
internal static class IncidentIoSection
{
    public static IntegrationConfig Read(YamlMappingReader map, AlertmanagerGlobal global, HttpClientConfig http)
    {
        var url = SecretUrl.Read(map, "url");
        map.ErrorUnless(url is not null, "url", "one of url or url_file must be configured");
        var token = map.SecretOrFile("alert_source_token", "alert_source_token_file");
        var hasOwnAuthorization = map.Has("http_config") && http.Authorization is not null;
        if (hasOwnAuthorization && token is not null)
        {
            map.ErrorAt("alert_source_token",
                "cannot specify alert_source_token or alert_source_token_file when using http_config.authorization");
        }
        if (map.Has("http_config") && !hasOwnAuthorization && token is null)
        {
            map.ErrorAt("http_config",
                "at least one of alert_source_token, alert_source_token_file or http_config.authorization must be configured");
        }
        var options = new IncidentIoOptions
        {
            SendResolved = map.Flag("send_resolved", true),
            Url = url ?? Secret.Inline(""),
            AlertSourceToken = token,
            MaxAlerts = map.Count("max_alerts"),
            Timeout = GoDurationValue.ReadTimeout(map),
        };
        // The source's own token goes before what the global section authenticates with.
        var client = token is null ? http : http with { Authorization = null, BasicAuth = null, OAuth2 = null };
        return new IntegrationConfig(options, client, setup => new IncidentIoNotifier(options, setup));
    }
}
