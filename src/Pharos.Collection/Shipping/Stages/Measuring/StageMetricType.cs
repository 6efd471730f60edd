namespace Pharos.Collection.Shipping.Stages.Measuring;

/// <summary>Kinds of metrics that a <c>metrics</c> stage makes.</summary>
public enum StageMetricType
{
    Counter,
    Gauge,
    Histogram,
}
