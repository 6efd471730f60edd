namespace Pharos.Server.Dashboards.Data;

/// <summary>A query as it was run, all variables put in.</summary>
public sealed record ExecutedQuery(string RefId, string Expr, long StepMs);
