using System.Globalization;
using Pharos.Storage.Model;

namespace Pharos.Collection.Receivers.Traces.Metrics;

/// <summary>How an exemplar names its trace.</summary>
internal static class ExemplarLabels
{
    /// <summary>As OpenTelemetry and OpenMetrics do.</summary>
    public static LabelSet OpenTelemetry(in ExemplarPoint point) => LabelSet.From(
        ("trace_id", point.TraceId.ToString()), ("span_id", point.SpanId.ToString("x16", CultureInfo.InvariantCulture)));

    /// <summary>As Tempo does.</summary>
    public static LabelSet Tempo(in ExemplarPoint point) => LabelSet.From(("traceID", point.TraceId.ToString()));
}
