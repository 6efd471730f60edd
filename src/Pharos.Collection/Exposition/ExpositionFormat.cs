namespace Pharos.Collection.Exposition;

/// <summary>How a body is read.</summary>
public enum ExpositionFormat
{
    /// <summary>Prometheus' text format 0.0.4; 1.0.0 differs only in quoted names, which are read in either.</summary>
    PrometheusText,

    /// <summary>OpenMetrics 1.0 (and 0.0.1) as text.</summary>
    OpenMetrics,

    /// <summary>A stream of <c>io.prometheus.client.MetricFamily</c>, each message behind its length.</summary>
    PrometheusProto,
}
