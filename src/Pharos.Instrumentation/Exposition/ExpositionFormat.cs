namespace Pharos.Instrumentation.Exposition;

/// <summary>In which of Prometheus' formats metrics are answered.</summary>
public enum ExpositionFormat
{
    /// <summary>Text 0.0.4, which every scraper reads; it has no exemplars.</summary>
    Text,

    /// <summary>OpenMetrics 1.0, text with exemplars.</summary>
    OpenMetrics,

    /// <summary>Length-delimited <c>io.prometheus.client.MetricFamily</c>, with native histograms and exemplars.</summary>
    Protobuf,
}
