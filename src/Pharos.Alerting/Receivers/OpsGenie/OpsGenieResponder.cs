namespace Pharos.Alerting.Receivers.OpsGenie;

/// <summary>Who is to be told: one of id, name and username, and a type (team, user, escalation, schedule; or teams: a
/// comma-separated list of names). All are templates.</summary>
public sealed record OpsGenieResponder(string Id, string Name, string Username, string Type);
