using Pharos.Alerting.Receivers.OpsGenie;
using Pharos.Alerting.Templates;
using Pharos.Server.Configuration.Yaml;
using Pharos.Server.Outbound;
using Pharos.Storage.Model;

namespace Pharos.Server.Configuration.Alertmanager.Receivers;

/// <summary>Reads one entry of <c>opsgenie_configs</c>.</summary>
internal static class OpsGenieSection
{
    private static readonly OpsGenieOptions Defaults = new() { ApiKey = Secret.Inline("") };

    public static IntegrationConfig Read(YamlMappingReader map, AlertmanagerGlobal global, HttpClientConfig http)
    {
        var key = map.SecretOrFile("api_key", "api_key_file") ?? global.OpsGenieApiKey;
        map.ErrorUnless(key is not null, "api_key", "no global OpsGenie API Key set either inline or in a file");
        var options = new OpsGenieOptions
        {
            SendResolved = map.Flag("send_resolved", true),
            ApiKey = key ?? Secret.Inline(""),
            ApiUrl = ApiUrl.AsFolder(ApiUrl.Read(map, "api_url", global.OpsGenieApiUrl)),
            Message = map.Text("message", Defaults.Message),
            Description = map.Text("description", Defaults.Description),
            Source = map.Text("source", Defaults.Source),
            Details = TextEntries.Read(map, "details"),
            Entity = map.Text("entity"),
            Responders = ReadResponders(map),
            Actions = map.Text("actions"),
            Tags = map.Text("tags"),
            Note = map.Text("note"),
            Priority = map.Text("priority"),
            UpdateAlerts = map.Flag("update_alerts"),
        };
        return new IntegrationConfig(options, http, setup => new OpsGenieNotifier(options, setup));
    }

    private static List<OpsGenieResponder> ReadResponders(YamlMappingReader map)
    {
        var responders = new List<OpsGenieResponder>();
        foreach (var item in map.List("responders"))
        {
            if (item.AsMapping() is not { } one)
            {
                continue;
            }
            var type = one.Text("type");
            var isTemplate = type.Contains("{{", StringComparison.Ordinal);
            var responder = new OpsGenieResponder(one.Text("id"), one.Text("name"), one.Text("username"), type);
            one.ErrorUnless(responder is not { Id: "", Name: "", Username: "" }, "name",
                "opsGenieConfig responder has to have at least one of id, username or name specified");
            one.ErrorUnless(isTemplate || type.ToLowerInvariant() is "team" or "teams" or "user" or "escalation" or "schedule", "type",
                "opsGenieConfig responder type does not match valid options ^(team|teams|user|escalation|schedule)$");
            if (isTemplate && NotificationTemplates.BuiltIn.Check(type) is { } fault)
            {
                one.ErrorAt("type", "opsGenieConfig responder type contains invalid template syntax: " + fault);
            }
            one.Done();
            responders.Add(responder);
        }
        return responders;
    }
}
