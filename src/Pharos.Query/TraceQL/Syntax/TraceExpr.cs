namespace Pharos.Query.TraceQL.Syntax;

/// <summary>What a query asks for: sets of spans (<see cref="TracePipeline"/>) or numbers over time (<see cref="MetricsExpr"/>).</summary>
public abstract record TraceExpr;
