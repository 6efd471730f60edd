namespace Pharos.Server.Dashboards.Model;

/// <summary>A time range in Grafana's notation, for instance <c>now-1h</c> to <c>now</c>.</summary>
public sealed record DashboardTime(string From, string To);
