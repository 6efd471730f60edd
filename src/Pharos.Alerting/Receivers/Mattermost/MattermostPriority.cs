namespace Pharos.Alerting.Receivers.Mattermost;

/// <param name="Priority">A template: <c>urgent</c>, <c>important</c> or <c>standard</c>; what it renders else is standard.</param>
/// <param name="RequestedAck">Whether readers are asked to acknowledge; not with a standard message.</param>
/// <param name="PersistentNotifications">Whether they are reminded until they do; only with an urgent one.</param>
public sealed record MattermostPriority(string Priority, bool RequestedAck = false, bool PersistentNotifications = false);
