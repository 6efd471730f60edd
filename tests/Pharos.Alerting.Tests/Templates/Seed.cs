namespace Pharos.Alerting.Tests.Templates;

/// <summary>Texts of the kind that the documented alertmanager.yml has, and the definitions that users refer to.</summary>
internal static class Seed
{
    public static readonly string[] Texts =
    [
        "[{{ .Status | toUpper }}] {{ .GroupLabels.alertname }}",
        "{{ range .Alerts }}\nAlert: {{ .Annotations.summary }}\nDescription: {{ .Annotations.description }}\n\nLabels:\n" +
            "{{ range .Labels.SortedPairs }}\n- {{ .Name }}: {{ .Value }}\n{{ end }}\n{{ end }}\n",
        "*{{ .GroupLabels.alertname }}*\n\n{{ range .Alerts }}\n{{ .Annotations.summary }}\n{{ .Annotations.description }}\n\n" +
            "<{{ .Annotations.runbook_url }}|Runbook> | <{{ .Annotations.dashboard_url }}|Dashboard>\n{{ end }}\n",
        "{{ .GroupLabels.alertname }}: {{ .Alerts | len }} alerts",
        "{{ .Alerts.Firing | len }}",
        "{{ .Alerts.Resolved | len }}",
        "{{ range .Alerts }}{{ .Annotations.summary }}{{ end }}",
        "🚨 [CRITICAL] {{ .GroupLabels.alertname }}",
        "{{ template \"__subject\" . }}",
        "{{ template \"slack.default.fallback\" . }}",
        "{{ template \"slack.default.titlelink\" . }}",
        "{{ template \"pagerduty.default.description\" . }}",
        "{{ template \"pagerduty.default.instances\" .Alerts.Firing }}",
        "{{ template \"opsgenie.default.description\" . }}",
        "{{ template \"pushover.default.message\" . }}",
        "{{ template \"telegram.default.message\" . }}",
    ];
}
