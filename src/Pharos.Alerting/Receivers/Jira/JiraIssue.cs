namespace Pharos.Alerting.Receivers.Jira;

/// <summary>An issue that a search has found.</summary>
/// <param name="StatusCategory"><c>done</c> and others; empty where the answer does not say.</param>
internal sealed record JiraIssue(string Key, string StatusCategory)
{
    public bool IsDone => StatusCategory == "done";
}
