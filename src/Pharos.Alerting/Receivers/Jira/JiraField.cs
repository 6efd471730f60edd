namespace Pharos.Alerting.Receivers.Jira;

/// <param name="EnableUpdate">Whether later notifications change it in an issue that exists.</param>
public sealed record JiraField(string Template, bool EnableUpdate = true);
