namespace Pharos.Server.Dashboards.Model;

/// <summary>A text panel's content; <paramref name="Mode"/> is <c>markdown</c> or <c>html</c>.</summary>
public sealed record TextContent(string Mode, string Content);
