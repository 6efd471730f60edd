using Pharos.Alerting.Receivers.Webhook;
using Pharos.Server.Configuration.Yaml;
using Pharos.Server.Outbound;
using Pharos.Storage.Model;

namespace Pharos.Server.Configuration.Alertmanager;

/// <summary>Reads one entry of <c>webhook_configs</c>.</summary>
internal static class WebhookSection
{
    public static IntegrationConfig Read(YamlMappingReader map, AlertmanagerGlobal global, HttpClientConfig http)
    {
        var url = SecretUrl.Read(map, "url");
        map.ErrorUnless(url is not null, "url", "one of url or url_file must be configured");
        var options = new WebhookOptions
        {
            SendResolved = map.Flag("send_resolved", true),
            Url = url ?? Secret.Inline(""),
            MaxAlerts = map.Count("max_alerts"),
            Timeout = map.Duration("timeout") is var timeout && timeout > TimeSpan.Zero ? timeout : null,
            Payload = map.Find("payload") is { } payload ? TemplatedNodes.From(payload.Node) : null,
        };
        return new IntegrationConfig(options, http, setup => new WebhookNotifier(options, setup));
    }
}
