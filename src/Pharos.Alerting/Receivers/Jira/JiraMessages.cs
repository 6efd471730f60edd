using System.Globalization;
using System.Text;
using Pharos.Storage.Text;

namespace Pharos.Alerting.Receivers.Jira;

/// <summary>What is sent to Jira: the search for a group's issue, the issue, a transition.</summary>
internal sealed class JiraMessages(JiraOptions options, NotificationRenderer renderer)
{
    // https://confluence.atlassian.com/jirakb: the fields' own limits
    private const int MaxSummaryRunes = 255;
    private const int MaxDescriptionRunes = 32767;

    private readonly string _project = renderer.Text("project", options.Project);

    /// <summary>The label by which a group finds its issue again.</summary>
    private readonly string _groupLabel = $"ALERT{{{GroupKeyHash.Of(renderer.Data.Notification.GroupKey)}}}";

    public string Search()
    {
        var query = new StringBuilder();
        if (options.WontFixResolution.Length > 0)
        {
            query.Append(CultureInfo.InvariantCulture, $"resolution != {GoQuote.Quote(options.WontFixResolution)} and ");
        }
        var minutes = (long)options.ReopenDuration.TotalMinutes;
        if (renderer.Data.Notification.IsFiring && options.ReopenTransition.Length > 0 && minutes > 0)
        {
            query.Append(CultureInfo.InvariantCulture, $"(resolutiondate is EMPTY OR resolutiondate >= -{minutes}m) and ");
        }
        else
        {
            query.Append("statusCategory != Done and ");
        }
        query.Append(CultureInfo.InvariantCulture,
            $"project={GoQuote.Quote(_project)} and labels={GoQuote.Quote(_groupLabel)} order by status ASC,resolutiondate DESC");
        return new JsonText().Open('{').Key("fields").Open('[').Text("status").Close(']').Member("jql", query.ToString())
            .Key("maxResults").Raw("2").Close('}').ToString();
    }

    /// <param name="isUpdate">Leaves out what an existing issue keeps.</param>
    public string Issue(bool isUpdate)
    {
        var fields = new SortedDictionary<string, string>(StringComparer.Ordinal)
        {
            ["issuetype"] = Named(renderer.Text("issue_type", options.IssueType)),
            ["labels"] = Labels(),
            ["project"] = new JsonText().Open('{').Member("key", _project).Close('}').ToString(),
        };
        if (!isUpdate || options.Summary.EnableUpdate)
        {
            var summary = renderer.Text("summary", options.Summary.Template, renderer.PlainSubject());
            fields["summary"] = new JsonText().Text(MessageText.Truncate(summary, MaxSummaryRunes)).ToString();
        }
        if ((!isUpdate || options.Description.EnableUpdate) && Description() is { Length: > 0 } description)
        {
            fields["description"] = description;
        }
        if (renderer.Text("priority", options.Priority) is { Length: > 0 } priority)
        {
            fields["priority"] = Named(priority);
        }
        foreach (var (name, node) in options.Fields)
        {
            fields[name] = new JsonText().Value(TemplatedNodeRenderer.Render("fields." + name, node, renderer, "")).ToString();
        }
        var json = new JsonText().Open('{').Key("fields").Open('{');
        foreach (var (name, value) in fields)
        {
            json.Key(name).Raw(value.TrimEnd('\n'));
        }
        return json.Close('}').Close('}').ToString();
    }

    public static string Transition(string id) => new JsonText().Open('{')
        .Key("transition").Open('{').Member("id", id).Close('}').Close('}').ToString();

    private string Description()
    {
        var text = MessageText.Truncate(renderer.Body("description", options.Description.Template), MaxDescriptionRunes);
        if (!options.ApiUrl.EndsWith("/3/", StringComparison.Ordinal))
        {
            return text.Length == 0 ? "" : new JsonText().Text(text).ToString();
        }
        text = text.Trim();
        return text.Length == 0 ? "" : JiraDocument.Of(text);
    }

    private string Labels()
    {
        var labels = options.Labels.Select(label => renderer.Text("labels", label)).Append(_groupLabel);
        var json = new JsonText().Open('[');
        foreach (var label in labels.Where(static label => label.Length > 0).Order(StringComparer.Ordinal))
        {
            json.Text(label);
        }
        return json.Close(']').ToString();
    }

    private static string Named(string name) => new JsonText().Open('{').Optional("name", name).Close('}').ToString();
}
