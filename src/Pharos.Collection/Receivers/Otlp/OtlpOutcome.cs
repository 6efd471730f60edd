namespace Pharos.Collection.Receivers.Otlp;

/// <summary>What became of one request.</summary>
/// <param name="Rejected">Points, or samples of points, that were not stored.</param>
/// <param name="RefusedByStore">Some because of their time or value, for which Prometheus answers 400.</param>
/// <param name="Reasons">The first of them; empty where all is stored.</param>
public sealed record OtlpOutcome(long Rejected, bool RefusedByStore, string Reasons);
