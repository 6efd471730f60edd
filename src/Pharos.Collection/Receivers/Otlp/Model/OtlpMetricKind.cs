namespace Pharos.Collection.Receivers.Otlp.Model;

/// <summary>What the points of a metric are.</summary>
internal enum OtlpMetricKind
{
    Unknown,
    Gauge,
    Sum,
    Histogram,
    ExponentialHistogram,
    Summary,
}
