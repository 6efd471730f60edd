namespace Pharos.Alerting.Receivers.RocketChat;

/// <param name="Short">Whether it may stand beside another; null takes the receiver's <c>short_fields</c>.</param>
public sealed record RocketChatField(string Title, string Value, bool? Short = null);
