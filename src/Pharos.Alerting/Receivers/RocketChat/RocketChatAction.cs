namespace Pharos.Alerting.Receivers.RocketChat;

/// <summary>A button below a message: it opens an address or says something in the channel.</summary>
public sealed record RocketChatAction(string Text, string Url = "", string Message = "");
