using Pharos.Alerting.Receivers.Jira;
using Pharos.Server.Configuration.Yaml;
using Pharos.Server.Outbound;

namespace Pharos.Server.Configuration.Alertmanager.Receivers;

/// <summary>Reads one entry of <c>jira_configs</c>.</summary>
internal static class JiraSection
{
    private static readonly JiraOptions Defaults = new() { ApiUrl = "", Project = "", IssueType = "" };

    public static IntegrationConfig Read(YamlMappingReader map, AlertmanagerGlobal global, HttpClientConfig http)
    {
        var url = ApiUrl.Read(map, "api_url", global.JiraApiUrl);
        map.ErrorUnless(url.Length > 0, "api_url", "no global Jira Cloud URL set");
        map.ErrorUnless(map.Text("project").Length > 0, "project", "missing project in jira_config");
        map.ErrorUnless(map.Text("issue_type").Length > 0, "issue_type", "missing issue_type in jira_config");
        var options = Defaults with
        {
            SendResolved = map.Flag("send_resolved", Defaults.SendResolved),
            ApiUrl = ApiUrl.AsFolder(url),
            ApiType = ReadType(map),
            Project = map.Text("project"),
            Summary = ReadField(map, "summary", Defaults.Summary),
            Description = ReadField(map, "description", Defaults.Description),
            Labels = map.Texts("labels"),
            Priority = map.Text("priority", Defaults.Priority),
            IssueType = map.Text("issue_type"),
            ReopenTransition = map.Text("reopen_transition"),
            ResolveTransition = map.Text("resolve_transition"),
            WontFixResolution = map.Text("wont_fix_resolution"),
            ReopenDuration = map.Duration("reopen_duration"),
            Fields = map.Entries("fields").ToDictionary(entry => entry.Key, entry => TemplatedNodes.From(entry.Value.Node), StringComparer.Ordinal),
        };
        return new IntegrationConfig(options, http, setup => new JiraNotifier(options, setup));
    }

    private static JiraApiType ReadType(YamlMappingReader map)
    {
        switch (map.Text("api_type", "auto"))
        {
            case "auto": return JiraApiType.Auto;
            case "cloud": return JiraApiType.Cloud;
            case "datacenter": return JiraApiType.DataCenter;
            default:
                map.ErrorAt("api_type", "unknown api_type on jira_config, must be auto, cloud or datacenter");
                return JiraApiType.Auto;
        }
    }

    /// <summary>A text, or a mapping that also says whether updates change it.</summary>
    private static JiraField ReadField(YamlMappingReader map, string key, JiraField otherwise)
    {
        if (map.Find(key) is not { } value)
        {
            return otherwise;
        }
        if (value.Node is not YamlMapping)
        {
            return otherwise with { Template = value.AsText() ?? otherwise.Template };
        }
        var section = value.AsMapping()!;
        var field = new JiraField(section.Text("template", otherwise.Template), section.Flag("enable_update", otherwise.EnableUpdate));
        section.Done();
        return field;
    }
}
