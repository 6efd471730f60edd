namespace Pharos.Server.Dashboards.Data;

/// <summary>How a number in a table is written.</summary>
public sealed record TableCell(string Text, string? Color);
