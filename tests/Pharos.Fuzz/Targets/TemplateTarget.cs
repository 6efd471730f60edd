using System.Text;
using Pharos.Alerting.Alerts;
using Pharos.Alerting.Notifications;
using Pharos.Alerting.Templates;
using Pharos.Query.Templates;
using Pharos.Storage.Model;

namespace Pharos.Fuzz.Targets;

/// <summary>Go template text: as the annotation of a rule, and as the text and HTML of a notification.</summary>
internal sealed class TemplateTarget : FuzzTarget
{
    private static readonly DateTimeOffset Now = DateTimeOffset.UnixEpoch.AddDays(20_000);

    private static readonly RuleTemplateContext Context = new()
    {
        Labels = LabelSet.From(("alertname", "A"), ("instance", "i:80")), Value = 1.5, ExternalUrl = "http://x/p", Now = Now,
        Query = static _ => [new TemplateSample(LabelSet.From(("a", "b")), 3)],
    };

    private static readonly Notification Notified = new()
    {
        Receiver = "r", GroupKey = "{}:{}", GroupLabels = LabelSet.From(("alertname", "A")), ExternalUrl = "http://x", Now = Now,
        Alerts =
        [
            new Alert
            {
                Labels = LabelSet.From(("alertname", "A"), ("severity", "page")), Annotations = LabelSet.From(("summary", "<b>&\"'")),
                StartsAt = Now.AddHours(-1), EndsAt = Now.AddHours(1), UpdatedAt = Now,
            },
        ],
    };

    public override string Name => "template";

    /// <summary>Loops in loops multiply, as they may, up to the limits of a template.</summary>
    public override long BaseBytes => 1L << 30;

    public override IReadOnlyList<string> Tokens =>
    [
        "{{", "}}", "{{-", "-}}", "{{/*", "*/}}", "if ", "else ", "else if ", "end", "range ", "with ", "define \"x\"", "template \"x\" .", "block \"x\" .", "break", "continue",
        "$", "$x := ", "$x = ", ".", ".Labels", ".Value", "$labels.instance", "$value", "|", "(", ")", "\"a\"", "`b`", "'c'", "1", "-1", "0x1p4", "1i", "nil", "true", ", ",
        "and ", "or ", "not ", "len ", "index ", "slice ", "print ", "printf \"%v %d %s %q %x %5.2f %T\" ", "println ", "html ", "js ", "urlquery ", "call ", "eq ", "lt ",
        "query \"up\"", "first ", "value ", "label \"a\" ", "sortByLabel \"a\" ", "humanize ", "humanize1024 ", "humanizeDuration ", "humanizePercentage ",
        "humanizeTimestamp ", "toUpper ", "title ", "match \"a.*\" ", "reReplaceAll \"(.)\" \"$1$1\" ", "stripPort ", "stripDomain ", "parseDuration ", "tableLink ",
        ".Alerts", ".Alerts.Firing", ".CommonLabels.SortedPairs", ".GroupLabels", ".Names", "join \",\" ", "safeHtml ", "stringSlice \"a\" ", "date \"2006\" ", "tz \"UTC\" ",
        "<a href=\"", "<script>", "<!--", "</script>", "<style>", " onclick='", "\n",
    ];

    public override string Run(byte[] input)
    {
        var text = Encoding.UTF8.GetString(input);
        var rule = RuleTemplate.Parse("__alert_A", text);
        var expanded = rule.TryExpand(Context, out var result);
        var shape = expanded ? $"R{Shape.Of(result.Length)}" : Shape.Of(result);
        foreach (var render in new Func<string, Notification, string>[] { NotificationTemplates.BuiltIn.RenderText, NotificationTemplates.BuiltIn.RenderHtml })
        {
            try
            {
                shape += $"N{Shape.Of(render(text, Notified).Length)}";
            }
            catch (TemplateException bad)
            {
                shape += Shape.Of(bad.Message);
            }
        }
        return shape;
    }
}
