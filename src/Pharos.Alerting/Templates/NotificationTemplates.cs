using Pharos.Alerting.Notifications;
using Pharos.Alerting.Templates.Functions;
using Pharos.Alerting.Templates.Html;
using Pharos.Alerting.Templates.Notifications;
using Pharos.Query.Templates;

namespace Pharos.Alerting.Templates;

/// <summary>What the texts of receivers are rendered with: the built-in definitions and the user's template files.</summary>
/// <remarks>Immutable and thread-safe.</remarks>
public sealed class NotificationTemplates
{
    /// <summary>The largest template file that is read.</summary>
    private const int MaxFileSizeBytes = 1024 * 1024;

    public static readonly NotificationTemplates BuiltIn =
        new(new TemplateSet(AlertmanagerFunctions.All).With(BuiltInTemplates.Name, BuiltInTemplates.Text));

    private readonly TemplateSet _set;

    private NotificationTemplates(TemplateSet set) => _set = set;

    internal IEnumerable<string> Names => _set.Names;

    /// <summary>The built-in definitions and those of files, in their order; a later definition replaces an earlier one.</summary>
    /// <exception cref="TemplateException">A file is no template; the message names it.</exception>
    /// <exception cref="IOException">A file cannot be read, or is too large.</exception>
    public static NotificationTemplates FromFiles(IEnumerable<string> paths)
    {
        var templates = BuiltIn;
        foreach (var path in paths)
        {
            if (new FileInfo(path).Length > MaxFileSizeBytes)
            {
                throw new IOException($"{path} is larger than {MaxFileSizeBytes} bytes");
            }
            templates = templates.With(Path.GetFileName(path), File.ReadAllText(path));
        }
        return templates;
    }

    /// <summary>With one more text and its definitions, under a name that error messages carry.</summary>
    /// <exception cref="TemplateException">The text is no template.</exception>
    public NotificationTemplates With(string name, string text) => new(_set.With(name, text));

    /// <summary>The syntax error of a receiver's text, or null.</summary>
    public string? Check(string text)
    {
        try
        {
            _set.With("", text);
            return null;
        }
        catch (TemplateException problem)
        {
            return problem.Message;
        }
    }

    /// <exception cref="TemplateException">The text cannot be parsed, or fails on this notification.</exception>
    public string RenderText(string text, Notification notification) => RenderText(text, NotificationData.Of(notification));

    /// <summary>As <see cref="RenderText(string, Notification)"/>, with every value escaped for its place in HTML.</summary>
    /// <exception cref="TemplateException">The text cannot be parsed, or fails on this notification.</exception>
    public string RenderHtml(string text, Notification notification) => RenderHtml(text, NotificationData.Of(notification));

    internal string RenderText(string text, NotificationData data) =>
        text.Contains("{{", StringComparison.Ordinal)
            ? _set.With("", text).ExecuteText("", NotificationTypes.Value(data), data) : text;

    internal string RenderHtml(string text, NotificationData data)
    {
        var sink = new HtmlSink();
        if (text.Length > 0)
        {
            _set.With("", text).Execute("", NotificationTypes.Value(data), data, sink);
        }
        return sink.ToString();
    }
}
