namespace Pharos.Collection.Receivers.Otlp.Model;

/// <summary>One metric with its points.</summary>
internal sealed class OtlpMetric
{
    public string Name { get; set; } = "";

    public string Description { get; set; } = "";

    public string Unit { get; set; } = "";

    public OtlpMetricKind Kind { get; set; }

    /// <summary>Of sums and histograms.</summary>
    public OtlpTemporality Temporality { get; set; }

    /// <summary>Of sums.</summary>
    public bool IsMonotonic { get; set; }

    public List<OtlpPoint> Points { get; } = [];
}
