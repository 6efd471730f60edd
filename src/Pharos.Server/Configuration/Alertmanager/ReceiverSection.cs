using Pharos.Server.Configuration.Http;
using Pharos.Server.Configuration.Yaml;
using Pharos.Server.Outbound;

namespace Pharos.Server.Configuration.Alertmanager;

/// <summary>Reads one entry of <c>receivers</c>.</summary>
internal sealed class ReceiverSection(AlertmanagerGlobal global)
{
    private readonly SlackSection _slack = new(global);
    private readonly PagerDutySection _pagerDuty = new(global);
    private readonly EmailSection _email = new(global);

    public ReceiverConfig Read(YamlMappingReader map)
    {
        var name = map.Text("name");
        map.ErrorUnless(name.Length > 0, "name", "missing name in receiver");
        map.NotHonoured("labels", "a receiver's own labels are not used yet");
        var receiver = new ReceiverConfig
        {
            Name = name,
            Webhooks = ReadList(map, "webhook", (section, _) => WebhookSection.Read(section)),
            Emails = ReadList(map, "email", (section, _) => _email.Read(section), hasHttp: false),
            PagerDuty = ReadList(map, "pagerduty", (section, _) => _pagerDuty.Read(section)),
            Slack = ReadList(map, "slack", _slack.Read),
        };
        foreach (var schema in IntegrationSchemas.All)
        {
            foreach (var item in map.List($"{schema.Kind}_configs"))
            {
                item.NotHonoured($"{schema.Kind} notifications are not sent yet");
                if (item.AsMapping() is { } section)
                {
                    schema.Check(section, global);
                }
            }
        }
        map.Done();
        return receiver;
    }

    private List<IntegrationConfig<T>> ReadList<T>(YamlMappingReader map, string kind,
        Func<YamlMappingReader, HttpClientConfig, T> read, bool hasHttp = true)
    {
        var integrations = new List<IntegrationConfig<T>>();
        foreach (var item in map.List($"{kind}_configs"))
        {
            if (item.AsMapping() is not { } section)
            {
                continue;
            }
            var http = hasHttp && section.Find("http_config") is { } own ? HttpClientSection.Read(own) : global.Http;
            integrations.Add(new IntegrationConfig<T>(read(section, http), http));
            section.Done();
        }
        return integrations;
    }
}
