using Pharos.Alerting.Templates;

namespace Pharos.Alerting.Tests.Templates;

public sealed class BuiltInTemplatesTests
{
    [Fact]
    public void Every_official_definition_renders_the_same()
    {
        var official = Path.Combine(Conformance.Folder, "alertmanager", "template", "default.tmpl");
        if (!File.Exists(official))
        {
            Assert.Skip("no Alertmanager templates beside the checkout");
        }
        var text = File.ReadAllText(official);
        var theirs = NotificationTemplates.BuiltIn.With("official.tmpl", text);
        var names = text.Split("define \"").Skip(1).Select(static part => part[..part.IndexOf('"', StringComparison.Ordinal)]).ToList();
        Assert.True(names.Count > 60);
        foreach (var name in names.Where(static n => n is not "pagerduty.default.instances" && !n.StartsWith("__text_alert_list", StringComparison.Ordinal)))
        {
            foreach (var notification in new[] { Some.Notification, Some.Resolved, Some.Notification with { Alerts = [] } })
            {
                var call = $"{{{{ template \"{name}\" . }}}}";
                Assert.Equal(name + ":" + theirs.RenderText(call, notification), name + ":" + NotificationTemplates.BuiltIn.RenderText(call, notification));
            }
        }
        foreach (var name in new[] { "pagerduty.default.instances", "__text_alert_list", "__text_alert_list_markdown" })
        {
            var call = $"{{{{ template \"{name}\" .Alerts.Firing }}}}";
            Assert.Equal(theirs.RenderText(call, Some.Notification), NotificationTemplates.BuiltIn.RenderText(call, Some.Notification));
        }
    }

    [Theory]
    [InlineData("__subject", "[FIRING:2] HighLoad (api critical)")]
    [InlineData("slack.default.fallback", "[FIRING:2] HighLoad (api critical) | http://am.example:9093/#/alerts?receiver=team%5C.a")]
    [InlineData("slack.default.color", "danger")]
    [InlineData("slack.default.text", "")]
    [InlineData("pagerduty.default.client", "Alertmanager")]
    [InlineData("email.default.subject", "[FIRING:2] HighLoad (api critical)")]
    [InlineData("jira.default.priority", "High")]
    public void A_definition_renders(string name, string expected) =>
        Assert.Equal(expected, NotificationTemplates.BuiltIn.RenderText($"{{{{ template \"{name}\" . }}}}", Some.Notification));

    [Fact]
    public void The_alert_list_names_labels_annotations_and_source()
    {
        var text = NotificationTemplates.BuiltIn.RenderText("{{ template \"__text_alert_list\" .Alerts.Resolved }}", Some.Notification);
        Assert.Equal("Labels:\n - alertname = HighLoad\n - instance = c:3\n - job = api\n - severity = critical\n" +
            "Annotations:\n - summary = Load is high\nSource: \n", text);
    }

    [Fact]
    public void A_user_file_redefines_a_built_in_definition_and_keeps_the_others()
    {
        var templates = NotificationTemplates.BuiltIn.With("my.tmpl", "{{ define \"__subject\" }}S {{ .Status }}{{ end }}{{ define \"__alertmanager\" }} {{ end }}");
        Assert.Equal("S firing", templates.RenderText("{{ template \"slack.default.title\" . }}", Some.Notification));
        Assert.Equal("Alertmanager", templates.RenderText("{{ template \"pagerduty.default.client\" . }}", Some.Notification));
    }

    [Fact]
    public void The_mail_escapes_values_for_their_place()
    {
        var html = NotificationTemplates.BuiltIn.RenderHtml("{{ template \"email.default.html\" . }}", Some.Notification);
        Assert.Contains("description = über &lt;b&gt;90%&lt;/b&gt; &amp; &#34;rising&#34;<br>", html, StringComparison.Ordinal);
        Assert.Contains("<a href=\"http://prom/graph?g0.expr=up&amp;g0.tab=1\"", html, StringComparison.Ordinal);
        Assert.Contains("<a href=\"http://am.example:9093/#/alerts?receiver=team%5C.a\"", html, StringComparison.Ordinal);
        Assert.Contains("<title>[FIRING:2] HighLoad (api critical)</title>", html, StringComparison.Ordinal);
        Assert.Contains("3 alerts for", html, StringComparison.Ordinal);
        Assert.Contains("[1] Resolved", html, StringComparison.Ordinal);
    }
}
