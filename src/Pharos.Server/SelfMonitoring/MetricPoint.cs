using Pharos.Storage.Model;

namespace Pharos.Server.SelfMonitoring;

/// <summary>One series of a family: a value, or a histogram with cumulative bucket counts.</summary>
/// <param name="Value">The value; for a histogram the sum of what was observed.</param>
internal sealed record MetricPoint(LabelSet Labels, double Value, HistogramPoint? Histogram = null);
