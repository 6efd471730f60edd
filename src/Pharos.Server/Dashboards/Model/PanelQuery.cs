namespace Pharos.Server.Dashboards.Model;

/// <summary>One PromQL query of a panel, macros and variables still in it.</summary>
/// <param name="IsTable">The answer is wanted as a table, one row per series.</param>
/// <param name="Interval">The target's own minimum step, or empty.</param>
public sealed record PanelQuery(
    string RefId, string Expr, string LegendFormat, bool Instant, bool IsTable, string Interval, int IntervalFactor);
