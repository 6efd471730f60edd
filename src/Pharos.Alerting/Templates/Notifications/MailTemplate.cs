namespace Pharos.Alerting.Templates.Notifications;

/// <summary>The HTML mail: tables and inline styles only, because mail programs know little else.</summary>
internal static class MailTemplate
{
    public const string Text = """
        {{ define "__mail_alert" -}}
        <tr><td style="padding:12px 24px;border-top:1px solid #e3e6ea">
        <strong>Labels</strong><br>
        {{ range .Labels.SortedPairs }}{{ .Name }} = {{ .Value }}<br>
        {{ end -}}
        {{ if .Annotations }}<strong>Annotations</strong><br>
        {{ range .Annotations.SortedPairs }}{{ .Name }} = {{ .Value }}<br>
        {{ end }}{{ end -}}
        <a href="{{ .GeneratorURL }}" style="color:#1f5fbf">Source</a>
        </td></tr>
        {{ end }}
        {{ define "__mail_alerts" -}}
        <tr><td style="padding:16px 24px 8px 24px"><strong>[{{ len .alerts }}] {{ .title }}</strong></td></tr>
        {{ range .alerts }}{{ template "__mail_alert" . }}{{ end -}}
        {{ end }}
        {{ define "email.default.html" -}}
        <!DOCTYPE html>
        <html lang="en">
        <head>
        <meta charset="utf-8">
        <meta name="viewport" content="width=device-width">
        <title>{{ template "__subject" . }}</title>
        </head>
        <body style="margin:0;padding:16px;background:#f4f5f7;font-family:Helvetica,Arial,sans-serif;font-size:14px;line-height:1.5;color:#1d2125">
        <table role="presentation" width="100%" style="max-width:640px;margin:0 auto;background:#ffffff;border:1px solid #e3e6ea;border-collapse:collapse">
        <tr><td style="padding:16px 24px;color:#ffffff;font-weight:bold;background:{{ if .Alerts.Firing }}#c9372c{{ else }}#1f845a{{ end }}">
        {{ len .Alerts }} alert{{ if gt (len .Alerts) 1 }}s{{ end }} for {{ range .GroupLabels.SortedPairs }}
        {{ .Name }}={{ .Value }}
        {{ end -}}
        </td></tr>
        <tr><td style="padding:16px 24px">
        <a href="{{ template "__alertmanagerURL" . }}" style="display:inline-block;padding:8px 16px;color:#ffffff;background:#1f5fbf;text-decoration:none">View in {{ template "__alertmanager" . }}</a>
        </td></tr>
        {{ with .Alerts.Firing }}{{ template "__mail_alerts" (dict "title" "Firing" "alerts" .) }}{{ end -}}
        {{ with .Alerts.Resolved }}{{ template "__mail_alerts" (dict "title" "Resolved" "alerts" .) }}{{ end -}}
        </table>
        <p style="text-align:center;font-size:12px"><a href="{{ .ExternalURL }}" style="color:#626f86">Sent by {{ template "__alertmanager" . }}</a></p>
        </body>
        </html>
        {{ end }}
        """;
}
