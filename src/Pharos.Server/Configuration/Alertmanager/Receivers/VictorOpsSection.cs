using Pharos.Alerting.Receivers.VictorOps;
using Pharos.Server.Configuration.Yaml;
using Pharos.Server.Outbound;
using Pharos.Storage.Model;

namespace Pharos.Server.Configuration.Alertmanager.Receivers;

/// <summary>Reads one entry of <c>victorops_configs</c>.</summary>
internal static class VictorOpsSection
{
    private static readonly VictorOpsOptions Defaults = new() { ApiKey = Secret.Inline(""), RoutingKey = "" };

    private static readonly HashSet<string> Reserved = new(StringComparer.Ordinal)
    {
        "routing_key", "message_type", "state_message", "entity_display_name", "monitoring_tool", "entity_id", "entity_state",
    };

    public static IntegrationConfig Read(YamlMappingReader map, AlertmanagerGlobal global, HttpClientConfig http)
    {
        var key = map.SecretOrFile("api_key", "api_key_file") ?? global.VictorOpsApiKey;
        map.ErrorUnless(key is not null, "api_key", "no global VictorOps API Key set");
        var routingKey = map.Text("routing_key");
        map.ErrorUnless(routingKey.Length > 0, "routing_key", "missing Routing key in VictorOps config");
        var fields = TextEntries.Read(map, "custom_fields");
        if (fields.Keys.FirstOrDefault(Reserved.Contains) is { } taken)
        {
            map.ErrorAt("custom_fields",
                $"victorOps config contains custom field {taken} which cannot be used as it conflicts with the fixed/static fields");
        }
        var options = new VictorOpsOptions
        {
            SendResolved = map.Flag("send_resolved", true),
            ApiKey = key ?? Secret.Inline(""),
            ApiUrl = ApiUrl.AsFolder(ApiUrl.Read(map, "api_url", global.VictorOpsApiUrl)),
            RoutingKey = routingKey,
            MessageType = map.Text("message_type", Defaults.MessageType),
            StateMessage = map.Text("state_message", Defaults.StateMessage),
            EntityDisplayName = map.Text("entity_display_name", Defaults.EntityDisplayName),
            MonitoringTool = map.Text("monitoring_tool", Defaults.MonitoringTool),
            CustomFields = fields,
        };
        return new IntegrationConfig(options, http, setup => new VictorOpsNotifier(options, setup));
    }
}
