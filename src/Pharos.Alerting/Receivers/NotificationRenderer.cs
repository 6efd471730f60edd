using System.Globalization;
using System.Text;
using Microsoft.Extensions.Logging;
using Pharos.Alerting.Notifications;
using Pharos.Alerting.Templates;
using Pharos.Alerting.Templates.Notifications;
using Pharos.Query.Templates;
using Pharos.Query.Templates.Execution;

namespace Pharos.Alerting.Receivers;

/// <summary>Renders the texts of one message. A text that fails is logged and replaced: an alert must not be lost because
/// its message has a mistake.</summary>
/// <remarks>One for each attempt; not thread-safe.</remarks>
internal sealed class NotificationRenderer
{
    private const int MaxFallbackAlerts = 20;
    private const int MaxSubjectNames = 3;
    private const string AlertName = "alertname";

    private readonly NotificationTemplates _templates;
    private readonly string _integration;
    private readonly ILogger _logger;

    public NotificationRenderer(
        NotificationTemplates templates, Notification notification, string integration, ILogger logger)
    {
        _templates = templates;
        _integration = integration;
        _logger = logger;
        Data = NotificationData.Of(notification);
    }

    public NotificationData Data { get; }

    /// <summary>The first error of a template, or null.</summary>
    public string? Problem { get; private set; }

    /// <summary>The rendered text, or <paramref name="fallback"/>.</summary>
    public string Text(string field, string template, string fallback = "")
    {
        try
        {
            return _templates.RenderText(template, Data);
        }
        catch (TemplateException problem)
        {
            return Fail(field, problem.Message, fallback);
        }
    }

    /// <summary>As <see cref="Text"/>, for the text that tells about the alerts: the alerts one by one stand in for it.</summary>
    public string Body(string field, string template)
    {
        var before = Problem;
        Problem = null;
        var text = Text(field, template);
        var isRendered = Problem is null;
        Problem = before ?? Problem;
        return isRendered ? text : PlainText();
    }

    /// <summary>As <see cref="Text"/>, for a field that is a secret: its mistake is named without a piece of it, and nothing
    /// stands in for it.</summary>
    public string SecretText(string field, string template)
    {
        try
        {
            return _templates.RenderText(template, Data);
        }
        catch (TemplateException)
        {
            return Fail(field, "a secret's template cannot be rendered", "");
        }
    }

    public string Html(string field, string template, string fallback)
    {
        try
        {
            return _templates.RenderHtml(template, Data);
        }
        catch (TemplateException problem)
        {
            return Fail(field, problem.Message, fallback);
        }
    }

    /// <summary>As <see cref="Body"/>, in HTML.</summary>
    public string HtmlBody(string field, string template)
    {
        var before = Problem;
        Problem = null;
        var text = Html(field, template, "");
        text = Problem is null ? text : GoEscape.Html(PlainText());
        Problem = before ?? Problem;
        return text;
    }

    /// <summary>One line, made without a template: the group's labels, and the alerts' names where the group has none.</summary>
    public string PlainSubject()
    {
        var firing = Data.Alerts.Count(static alert => alert.Status == "firing");
        var status = firing > 0 ? string.Create(CultureInfo.InvariantCulture, $"FIRING:{firing}") : "RESOLVED";
        var names = Data.Notification.GroupLabels[AlertName].Length > 0 ? []
            : Data.Alerts.Select(static alert => alert.Labels[AlertName]).Distinct().Take(MaxSubjectNames);
        return $"[{status}] {string.Join(' ', Data.Notification.GroupLabels.Select(static label => label.Value).Concat(names))}";
    }

    /// <summary>The alerts one by one, made without a template.</summary>
    public string PlainText()
    {
        var text = new StringBuilder(PlainSubject());
        foreach (var alert in Data.Alerts.Take(MaxFallbackAlerts))
        {
            text.Append('\n').Append(alert.Status).Append(' ').Append(alert.Labels);
            foreach (var annotation in alert.Annotations)
            {
                text.Append("\n  ").Append(annotation.Name).Append(": ").Append(annotation.Value);
            }
        }
        if (Data.Alerts.Count > MaxFallbackAlerts)
        {
            text.Append(CultureInfo.InvariantCulture, $"\nand {Data.Alerts.Count - MaxFallbackAlerts} more");
        }
        return text.Append("\nThe configured text could not be rendered: ").Append(Problem).ToString();
    }

    private string Fail(string field, string problem, string fallback)
    {
        Problem ??= $"{field}: {problem}";
        _logger.LogWarning("receiver {Receiver}, {Integration}: the template of {Field} failed, plain text is sent: {Problem}",
            Data.Notification.Receiver, _integration, field, problem);
        return fallback;
    }
}
