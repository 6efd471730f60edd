using System.Text.Json;
using Microsoft.Extensions.Logging;
using Pharos.Alerting.Notifications;

namespace Pharos.Alerting.Receivers.Jira;

/// <summary>Keeps one issue for each group: created when it fires, updated while it lives, resolved and reopened with it.</summary>
public sealed class JiraNotifier(JiraOptions options, ReceiverSetup setup) : INotifier
{
    private const string CloudHost = "atlassian.net";

    private readonly HttpIntegration _http = new("jira", setup);

    public string Integration => _http.Name;

    public bool SendResolved => options.SendResolved;

    private bool IsCloud => options.ApiType == JiraApiType.Cloud ||
        (options.ApiType == JiraApiType.Auto && new Uri(options.ApiUrl).Host.EndsWith(CloudHost, StringComparison.Ordinal));

    /// <summary>Cloud has its search in version 3 alone, Data Center in version 2 alone.</summary>
    private string SearchUrl => IsCloud
        ? (options.ApiUrl + "search/jql").Replace("/rest/api/2/", "/rest/api/3/", StringComparison.Ordinal) : options.ApiUrl + "search";

    public ValueTask<NotifyResult> NotifyAsync(Notification notification, CancellationToken cancellation) =>
        _http.AttemptAsync(notification, SendAsync, cancellation);

    private async ValueTask<NotifyResult> SendAsync(NotificationRenderer renderer, CancellationToken cancellation)
    {
        var messages = new JiraMessages(options, renderer);
        var isFiring = renderer.Data.Notification.IsFiring;
        var (issue, search) = await FindIssueAsync(messages, cancellation);
        if (search.Outcome != NotifyOutcome.Sent)
        {
            return search with { Reason = "failed to look up existing issues: " + search.Reason };
        }
        if (issue is null && !isFiring)
        {
            // What was closed by hand needs no new issue to say that it is over.
            return search;
        }
        var (method, path) = issue is null ? (HttpMethod.Post, "issue") : (HttpMethod.Put, "issue/" + issue.Key);
        var written = await AskAsync(method, options.ApiUrl + path, messages.Issue(isUpdate: issue is not null), cancellation);
        if (written.Outcome != NotifyOutcome.Sent)
        {
            return written with { Reason = $"failed to {method} request to \"{path}\": {written.Reason}" };
        }
        if (issue is null)
        {
            return written;
        }
        var moved = await MoveAsync(issue, isFiring, cancellation);
        return moved.Outcome == NotifyOutcome.Sent ? written : moved;
    }

    private async ValueTask<(JiraIssue? Issue, NotifyResult Result)> FindIssueAsync(JiraMessages messages, CancellationToken cancellation)
    {
        List<JiraIssue> found = [];
        var result = await AskAsync(HttpMethod.Post, SearchUrl, messages.Search(), cancellation, root => found = Issues(root));
        if (found.Count > 1)
        {
            setup.Logger.LogWarning("jira: more than one issue belongs to a group, {Issue} is taken", found[0].Key);
        }
        return (found.FirstOrDefault(), result);
    }

    private static List<JiraIssue> Issues(JsonElement root) => [.. root.Items("issues").Select(static issue => new JiraIssue(
        issue.Text("key"),
        issue.Member("fields")?.Member("status")?.Member("statusCategory")?.Text("key") ?? ""))
        .Where(static issue => issue.Key.Length > 0)];

    /// <summary>Resolves or reopens an issue where it does not stand as the group does.</summary>
    private async ValueTask<NotifyResult> MoveAsync(JiraIssue issue, bool isFiring, CancellationToken cancellation)
    {
        var name = isFiring ? options.ReopenTransition : options.ResolveTransition;
        if (issue.StatusCategory.Length == 0 || issue.IsDone != isFiring || name.Length == 0)
        {
            return NotifyResult.Sent;
        }
        var url = $"{options.ApiUrl}issue/{issue.Key}/transitions";
        string? id = null;
        var offered = await AskAsync(HttpMethod.Get, url, null, cancellation, root =>
            id = root.Items("transitions").Where(item => item.Text("name") == name).Select(static item => item.Text("id")).FirstOrDefault());
        if (offered.Outcome != NotifyOutcome.Sent)
        {
            return offered;
        }
        return id is null ? NotifyResult.Never(NotifyFailure.Other, $"can't find transition {name} for issue {issue.Key}")
            : await AskAsync(HttpMethod.Post, url, JiraMessages.Transition(id), cancellation);
    }

    /// <param name="read">Takes what is needed from the answer; null: the answer may be anything.</param>
    private ValueTask<NotifyResult> AskAsync(
        HttpMethod method, string url, string? body, CancellationToken cancellation, Action<JsonElement>? read = null)
    {
        var request = new OutgoingRequest(url) { Method = method, Body = body, Language = "en" };
        return _http.SendAsync(request, cancellation, read is null ? null : answer =>
        {
            if (AnswerJson.Parse(answer.Body) is not { } root)
            {
                return NotifyResult.Again(NotifyFailure.Other, "Jira's answer is no JSON");
            }
            read(root);
            return null;
        });
    }
}
