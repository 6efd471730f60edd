using Pharos.Alerting.Receivers.Webhook;
using Pharos.Server.Configuration.Alertmanager.Receivers;
using Pharos.Server.Configuration.Yaml;
using Pharos.Server.Outbound;

namespace Pharos.Server.Configuration.Alertmanager;

/// <summary>Reads one entry of <c>webhook_configs</c>.</summary>
internal static class WebhookSection
{
    public static IntegrationConfig Read(YamlMappingReader map, AlertmanagerGlobal global, HttpClientConfig http)
    {
        var options = new WebhookOptions
        {
            SendResolved = map.Flag("send_resolved", true),
            Url = SecretUrl.ReadRequired(map, "url", mayBeTemplate: true),
            MaxAlerts = map.Count("max_alerts"),
            Timeout = GoDurationValue.ReadTimeout(map),
            Payload = map.Find("payload") is { } payload ? TemplatedNodes.From(payload.Node) : null,
        };
        return new IntegrationConfig(options, http, setup => new WebhookNotifier(options, setup));
    }
}
