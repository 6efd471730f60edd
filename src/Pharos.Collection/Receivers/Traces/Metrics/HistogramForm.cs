using System.Globalization;
using Pharos.Storage.Model;

namespace Pharos.Collection.Receivers.Traces.Metrics;

/// <summary>What all histograms of a family share.</summary>
internal sealed class HistogramForm
{
    /// <summary>OpenTelemetry's span metrics connector has these, in milliseconds.</summary>
    public static readonly HistogramForm JaegerDuration = new(
        "traces_span_metrics_duration_milliseconds", ExemplarLabels.OpenTelemetry,
        2, 4, 6, 8, 10, 50, 100, 200, 400, 800, 1000, 1400, 2000, 5000, 10_000, 15_000);

    public static readonly HistogramForm TempoLatency = new("traces_spanmetrics_latency", ExemplarLabels.Tempo, Doubling(0.002, 14));

    public static readonly HistogramForm GraphServer = new("traces_service_graph_request_server_seconds", ExemplarLabels.Tempo, Doubling(0.1, 8));

    public static readonly HistogramForm GraphClient = new("traces_service_graph_request_client_seconds", ExemplarLabels.Tempo, Doubling(0.1, 8));

    public static readonly HistogramForm GraphMessaging = new(
        "traces_service_graph_request_messaging_system_seconds", ExemplarLabels.Tempo, Doubling(0.1, 8));

    private HistogramForm(string name, LabelsOfExemplar exemplars, params double[] bounds)
    {
        (Name, BucketName, SumName, CountName) = (name, name + "_bucket", name + "_sum", name + "_count");
        (Bounds, Exemplars) = (bounds, exemplars);
        BoundTexts = [.. bounds.Select(static bound => bound.ToString("R", CultureInfo.InvariantCulture)), "+Inf"];
    }

    public delegate LabelSet LabelsOfExemplar(in ExemplarPoint point);

    public string Name { get; }

    public string BucketName { get; }

    public string SumName { get; }

    public string CountName { get; }

    /// <summary>Upper ones, inclusive; the last bucket has none.</summary>
    public double[] Bounds { get; }

    public string[] BoundTexts { get; }

    public LabelsOfExemplar Exemplars { get; }

    private static double[] Doubling(double first, int count) => [.. Enumerable.Range(0, count).Select(i => first * (1 << i))];
}
