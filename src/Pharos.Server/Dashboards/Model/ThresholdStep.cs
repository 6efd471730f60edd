namespace Pharos.Server.Dashboards.Model;

/// <param name="Color">Hexadecimal, <c>#rrggbb</c>.</param>
public sealed record ThresholdStep(double? Value, string Color);
