namespace Pharos.Alerting.Receivers.Mattermost;

/// <param name="Short">Whether it may stand beside another; null leaves it out.</param>
public sealed record MattermostField(string Title, string Value, bool? Short = null);
