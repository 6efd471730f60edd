namespace Pharos.Alerting.Receivers.Jira;

/// <summary>Which of Jira's two kinds answers: they search at different addresses.</summary>
public enum JiraApiType
{
    /// <summary>Cloud for hosts of atlassian.net.</summary>
    Auto,
    Cloud,
    DataCenter,
}
