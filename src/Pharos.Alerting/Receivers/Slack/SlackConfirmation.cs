namespace Pharos.Alerting.Receivers.Slack;

/// <summary>The question that Slack asks before a button acts.</summary>
public sealed record SlackConfirmation(string Text, string Title = "", string OkText = "", string DismissText = "");
