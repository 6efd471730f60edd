namespace Pharos.Server.Dashboards.Data;

/// <param name="Type"><c>string</c>, <c>number</c> or <c>time</c>.</param>
public sealed record TableColumn(string Name, string Type, string Unit);
