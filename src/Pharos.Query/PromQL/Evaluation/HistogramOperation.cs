namespace Pharos.Query.PromQL.Evaluation;

/// <summary>What two histograms met in; its name in lower case stands in annotations.</summary>
internal enum HistogramOperation
{
    Addition,
    Subtraction,
    Aggregation,
}
