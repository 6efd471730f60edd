namespace Pharos.Query.TraceQL.Vocabulary;

/// <summary>How functions are written.</summary>
internal static class MetricsFunctions
{
    private static readonly string[] Names =
    [
        "rate", "count_over_time", "min_over_time", "max_over_time", "avg_over_time", "sum_over_time", "quantile_over_time",
        "histogram_over_time", "compare",
    ];

    public static string Name(this MetricsFunction function) => Names[(int)function];

    public static MetricsFunction? OfName(string name) => Array.IndexOf(Names, name) is >= 0 and var at ? (MetricsFunction)at : null;

    /// <summary>Whether it measures a field, and does not only count.</summary>
    public static bool Measures(this MetricsFunction function) => function is >= MetricsFunction.MinOverTime and <= MetricsFunction.HistogramOverTime;
}
