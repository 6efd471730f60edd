namespace Pharos.Server.Dashboards.Model;

/// <param name="Mode"><c>single</c>, <c>multi</c> or <c>none</c>.</param>
/// <param name="Sort"><c>none</c>, <c>asc</c> or <c>desc</c>.</param>
public sealed record Tooltip(string Mode, string Sort);
