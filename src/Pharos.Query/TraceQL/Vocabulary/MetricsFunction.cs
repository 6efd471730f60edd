namespace Pharos.Query.TraceQL.Vocabulary;

/// <summary>What makes numbers of spans.</summary>
public enum MetricsFunction
{
    Rate,
    CountOverTime,
    MinOverTime,
    MaxOverTime,
    AvgOverTime,
    SumOverTime,
    QuantileOverTime,
    HistogramOverTime,
    Compare,
}
