namespace Pharos.Query.PromQL.Evaluation;

/// <summary>Prometheus' texts that arise in more than one place (util/annotations).</summary>
internal static class AnnotationText
{
    public const string MixedTypes = "encountered a mix of histograms and floats for";

    public const string MixedBuckets =
        "vector contains a mix of histograms with exponential and custom buckets schemas for metric name";

    public static string BoundsReconciled(HistogramOperation operation) =>
        $"mismatched custom buckets were reconciled during {Word(operation)}";

    public static string ResetsCollide(HistogramOperation operation) =>
        $"conflicting counter resets during histogram {Word(operation)}";

    public static string Ignored(string aggregation) => $"ignored histogram in {aggregation} aggregation";

    private static string Word(HistogramOperation operation) => operation switch
    {
        HistogramOperation.Addition => "addition",
        HistogramOperation.Subtraction => "subtraction",
        _ => "aggregation",
    };
}
