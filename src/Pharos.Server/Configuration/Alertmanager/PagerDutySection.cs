using Pharos.Alerting.Receivers.PagerDuty;
using Pharos.Server.Configuration.Alertmanager.Receivers;
using Pharos.Server.Configuration.Yaml;
using Pharos.Server.Outbound;

namespace Pharos.Server.Configuration.Alertmanager;

/// <summary>Reads one entry of <c>pagerduty_configs</c>.</summary>
internal static class PagerDutySection
{
    private static readonly PagerDutyOptions Defaults = new();

    public static IntegrationConfig Read(YamlMappingReader map, AlertmanagerGlobal global, HttpClientConfig http)
    {
        var routingKey = map.SecretOrFile("routing_key", "routing_key_file");
        var serviceKey = map.SecretOrFile("service_key", "service_key_file");
        map.ErrorUnless(routingKey is not null || serviceKey is not null, "routing_key",
            "missing service or routing key in PagerDuty config");
        var options = new PagerDutyOptions
        {
            SendResolved = map.Flag("send_resolved", true),
            RoutingKey = routingKey,
            ServiceKey = serviceKey,
            Url = ApiUrl.Read(map, "url", global.PagerDutyUrl),
            Client = map.Text("client", Defaults.Client),
            ClientUrl = map.Text("client_url", Defaults.ClientUrl),
            Description = map.Text("description", Defaults.Description),
            Details = map.Entries("details").ToDictionary(e => e.Key, e => TemplatedNodes.From(e.Value.Node), StringComparer.Ordinal),
            Images = SectionList.Read(map, "images", item => new PagerDutyImage(item.Text("src"), item.Text("alt"), item.Text("href"))),
            Links = SectionList.Read(map, "links", item => new PagerDutyLink(item.Text("href"), item.Text("text"))),
            Source = map.Text("source"),
            Severity = map.Text("severity"),
            Class = map.Text("class"),
            Component = map.Text("component"),
            Group = map.Text("group"),
            Timeout = GoDurationValue.ReadTimeout(map),
        };
        return new IntegrationConfig(options, http, setup => new PagerDutyNotifier(options, setup));
    }
}
