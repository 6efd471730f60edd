namespace Pharos.Alerting.Receivers.Slack;

/// <param name="Short">Whether it may stand beside another; null takes the receiver's <c>short_fields</c>.</param>
public sealed record SlackField(string Title, string Value, bool? Short = null);
