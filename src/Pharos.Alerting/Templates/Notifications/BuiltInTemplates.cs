using System.Text;

namespace Pharos.Alerting.Templates.Notifications;

/// <summary>The definitions that every notification template may refer to: Alertmanager's names, and the same text from
/// each of them. Only the look of the HTML mail is our own.</summary>
internal static class BuiltInTemplates
{
    /// <summary>The name of the text in error messages.</summary>
    public const string Name = "default.tmpl";

    private const string Shared = """
        {{ define "__alertmanager" }}Alertmanager{{ end }}
        {{ define "__alertmanagerURL" }}{{ .ExternalURL }}/#/alerts?receiver={{ .Receiver | urlquery }}{{ end }}
        {{ define "__description" }}{{ end }}
        {{ define "__subject" -}}
        [{{ .Status | toUpper }}{{ if eq .Status "firing" }}:{{ .Alerts.Firing | len }}{{ end }}]
        {{- " " }}{{ join " " .GroupLabels.SortedPairs.Values }}{{ " " -}}
        {{ $rest := .CommonLabels.Remove .GroupLabels.Names -}}
        {{ if gt (len .CommonLabels) (len .GroupLabels) }}({{ join " " $rest.Values }}){{ end }}
        {{- end }}
        {{ define "__status_color" }}{{ if eq .Status "firing" }}danger{{ else }}good{{ end }}{{ end }}
        {{ define "__annotations" }}{{ join " " .CommonAnnotations.SortedPairs.Values }}{{ end }}
        {{ define "__text_alert_list" -}}
        {{ range . }}{{ "Labels:\n" -}}
        {{ range .Labels.SortedPairs }}{{ printf " - %s = %s\n" .Name .Value }}{{ end }}{{ "Annotations:\n" -}}
        {{ range .Annotations.SortedPairs }}{{ printf " - %s = %s\n" .Name .Value }}{{ end -}}
        {{ printf "Source: %s\n" .GeneratorURL }}{{ end }}
        {{- end }}
        {{ define "__text_alert_list_markdown" -}}
        {{ range . }}{{ "\nLabels:\n" -}}
        {{ range .Labels.SortedPairs }}{{ printf "  - %s = %s\n" .Name .Value }}{{ end }}{{ "\nAnnotations:\n" -}}
        {{ range .Annotations.SortedPairs }}{{ printf "  - %s = %s\n" .Name .Value }}{{ end -}}
        {{ printf "\nSource: %s\n" .GeneratorURL }}{{ end }}{{ "\n" -}}
        {{ end }}
        {{ define "__tight_lists" }}{{ "\n" -}}
        {{ with .Alerts.Firing }}{{ "Alerts Firing:\n" }}{{ template "__text_alert_list" . }}{{ end }}{{ "\n" -}}
        {{ with .Alerts.Resolved }}{{ "Alerts Resolved:\n" }}{{ template "__text_alert_list" . }}{{ end -}}
        {{ end }}
        {{ define "__loose_lists" }}{{ "\n" -}}
        {{ with .Alerts.Firing }}{{ "\nAlerts Firing:\n" }}{{ template "__text_alert_list" . }}{{ "\n" }}{{ end }}{{ "\n" -}}
        {{ with .Alerts.Resolved }}{{ "\nAlerts Resolved:\n" }}{{ template "__text_alert_list" . }}{{ "\n" }}{{ end }}{{ "\n" -}}
        {{ end }}
        {{ define "__markdown_lists" }}{{ "\n" -}}
        {{ with .Alerts.Firing }}{{ "\n# Alerts Firing:\n" }}{{ template "__text_alert_list_markdown" . }}{{ "\n" }}{{ end }}{{ "\n" -}}
        {{ with .Alerts.Resolved }}{{ "\n# Alerts Resolved:\n" }}{{ template "__text_alert_list_markdown" . }}{{ "\n" }}{{ end }}{{ "\n" -}}
        {{ end }}
        {{ define "__priority" -}}
        {{ $found := "" -}}
        {{ range . }}{{ $severity := index .Labels "severity" -}}
        {{ if eq $severity "critical" }}{{ $found = "High" }}
        {{- else if and (eq $severity "warning") (ne $found "High") }}{{ $found = "Medium" }}
        {{- else if and (eq $severity "info") (eq $found "") }}{{ $found = "Low" }}{{ end }}
        {{- end }}{{ $found }}
        {{- end }}
        """;

    // What a definition renders, and the definitions that render just that.
    private static readonly (string Body, string[] Names)[] Aliases =
    [
        ("""{{ template "__subject" . }}""",
        [
            "discord.default.title", "email.default.subject", "jira.default.summary", "mattermost.default.title",
            "msteams.default.summary", "msteams.default.title", "msteamsv2.default.title", "opsgenie.default.message",
            "pagerduty.default.description", "pushover.default.title", "rocketchat.default.title",
            "slack.default.title", "sns.default.subject", "victorops.default.entity_display_name",
        ]),
        ("""{{ template "__alertmanager" . }}""",
        [
            "mattermost.default.username", "pagerduty.default.client", "rocketchat.default.alias",
            "slack.default.username", "victorops.default.monitoring_tool",
        ]),
        ("""{{ template "__alertmanagerURL" . }}""",
        [
            "mattermost.default.titlelink", "opsgenie.default.source", "pagerduty.default.clientURL",
            "pushover.default.url", "rocketchat.default.titlelink", "slack.default.titlelink",
        ]),
        ("""{{ template "__status_color" . }}""", ["mattermost.default.color", "slack.default.color"]),
        ("",
        [
            "discord.default.content", "rocketchat.default.emoji", "rocketchat.default.iconurl",
            "rocketchat.default.text", "slack.default.callbackid", "slack.default.footer", "slack.default.iconemoji",
            "slack.default.iconurl", "slack.default.pretext", "slack.default.text", "wechat.default.agent_id",
            "wechat.default.to_party", "wechat.default.to_tag", "wechat.default.to_user",
        ]),
        ("""{{ template "__text_alert_list" . }}""", ["pagerduty.default.instances"]),
        ("""{{ template "slack.default.title" . }} | {{ template "slack.default.titlelink" . }}""",
            ["slack.default.fallback"]),
        ("""{{ template "mattermost.default.title" . }} | {{ template "mattermost.default.titlelink" . }}""",
            ["mattermost.default.fallback"]),
        ("""{{ template "__annotations" . }}{{ template "__tight_lists" . }}""",
            ["opsgenie.default.description", "victorops.default.state_message"]),
        ("""
            {{- template "__subject" . }}{{ "\n" }}{{ template "__annotations" . }}{{ template "__tight_lists" . -}}
            {{ "\nAlertmanagerUrl:\n" }}{{ template "__alertmanagerURL" . }}
            """, ["wechat.default.message"]),
        ("""{{ template "__annotations" . }}{{ template "__loose_lists" . }}""",
            ["pushover.default.message", "sns.default.message", "webex.default.message"]),
        ("""{{ template "__loose_lists" . }}""", ["discord.default.message", "telegram.default.message"]),
        ("""{{ template "__markdown_lists" . }}""",
        [
            "jira.default.description", "mattermost.default.text", "msteams.default.text", "msteamsv2.default.text",
        ]),
        ("""
            {{- $found := "" -}}
            {{ range .Alerts.Firing }}{{ $s := index .Labels "severity" -}}
            {{ if or (eq $s "critical") (eq $s "warning") (eq $s "info") }}{{ $found = "yes" }}{{ end }}{{ end -}}
            {{ if $found }}{{ template "__priority" .Alerts.Firing }}
            {{- else }}{{ template "__priority" .Alerts.Resolved }}{{ end -}}
            """, ["jira.default.priority"]),
    ];

    public static string Text { get; } = Build();

    private static string Build()
    {
        var text = new StringBuilder(Shared).Append('\n');
        foreach (var (body, names) in Aliases)
        {
            foreach (var name in names)
            {
                text.Append("{{ define \"").Append(name).Append("\" }}").Append(body).Append("{{ end }}\n");
            }
        }
        return text.Append(MailTemplate.Text).ToString();
    }
}
