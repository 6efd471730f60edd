using System.Diagnostics.Metrics;
using Pharos.Collection.Receivers.Otlp.Model;
using Pharos.Collection.Receivers.Otlp.Translation;
using Pharos.Storage.Metrics;
using Pharos.Storage.Model;

namespace Pharos.Collection.Receivers.Otlp;

/// <summary>Stores metrics that come by OTLP, translated as Prometheus translates them.</summary>
/// <remarks>Thread-safe: every request is a batch of its own. Good points are stored beside refused ones.</remarks>
public sealed class OtlpMetricsReceiver
{
    /// <summary>The most samples of <c>target_info</c> that one resource of a request leads to.</summary>
    private const int MaxInfoSamples = 10_000;

    private readonly IMetricStore _store;
    private readonly Func<OtlpOptions> _options;
    private readonly OtlpFeatures _features;
    private readonly DeltaAccumulator? _deltas;
    private readonly Counter<long> _samples;
    private readonly Counter<long> _rejected;
    private readonly Counter<long> _collisions;

    /// <param name="options">Asked at each request: they change with the configuration file.</param>
    public OtlpMetricsReceiver(
        IMetricStore store, Func<OtlpOptions> options, OtlpFeatures features, TimeProvider time, Meter meter)
    {
        _store = store;
        _options = options;
        _features = features;
        _deltas = features.DeltaToCumulative ? new DeltaAccumulator(time) : null;
        _samples = meter.CreateCounter<long>("pharos_otlp_received_samples_total", null, "Samples stored that came by OTLP.");
        _rejected = meter.CreateCounter<long>(
            "pharos_otlp_rejected_points_total", null, "Points that came by OTLP and were not stored.");
        _collisions = meter.CreateCounter<long>(
            "pharos_otlp_label_collisions_total", null, "Attributes whose values were joined because their labels have one name.");
    }

    /// <exception cref="InvalidDataException">The body is no request; nothing of it is stored.</exception>
    /// <exception cref="IOException">The store's log cannot be written; nothing of the request is stored.</exception>
    public OtlpOutcome ReceiveProtobuf(ReadOnlySpan<byte> message) => Store(OtlpProtobuf.Read(message));

    /// <inheritdoc cref="ReceiveProtobuf"/>
    public OtlpOutcome ReceiveJson(ReadOnlyMemory<byte> text) => Store(OtlpJson.Read(text));

    private OtlpOutcome Store(List<OtlpResource> resources)
    {
        var options = _options();
        var rejected = new RejectedPoints();
        var metadata = new Dictionary<string, MetricMetadata>(StringComparer.Ordinal);
        using var appender = _store.Appender();
        var writer = new SeriesWriter(appender, rejected);
        var translator = new MetricTranslator(options, writer, rejected);
        var namer = new LabelNamer(options);
        foreach (var resource in resources)
        {
            foreach (var scope in resource.Scopes)
            {
                var labels = new PointLabels(options, namer, resource, scope);
                foreach (var metric in scope.Metrics)
                {
                    StoreMetric(metric, options, labels, translator, metadata, rejected);
                }
                _collisions.Add(labels.Collisions);
            }
            // Whether an older target_info is stored is nothing to tell the sender of good points.
            if (StoreTargetInfo(
                resource, new PointLabels(options, namer, resource, new OtlpScope()), new SeriesWriter(appender, new RejectedPoints())))
            {
                metadata[PointLabels.TargetInfo] = new MetricMetadata("gauge", "Target metadata", "");
            }
        }
        appender.Commit();
        foreach (var (family, about) in metadata)
        {
            _store.SetMetadata(family, about);
        }
        _samples.Add(writer.Samples + writer.Histograms);
        _rejected.Add(rejected.Count);
        return new OtlpOutcome(rejected.Count, rejected.ByStore, rejected.Reasons);
    }

    private void StoreMetric(
        OtlpMetric metric, OtlpOptions options, PointLabels labels, MetricTranslator translator,
        Dictionary<string, MetricMetadata> metadata, RejectedPoints rejected)
    {
        if (metric.Kind is OtlpMetricKind.Unknown)
        {
            rejected.Add(1, $"metric {metric.Name}: unsupported metric type");
            return;
        }
        if (metric.Points.Count == 0)
        {
            rejected.Add(0, $"empty data points. {metric.Name} is dropped");
            return;
        }
        if (MetricNamer.Build(metric, options.Strategy) is not { } family)
        {
            rejected.Add(metric.Points.Count, $"normalization for metric \"{metric.Name}\" resulted in an invalid name");
            return;
        }
        if (HasTemporality(metric) && !Accept(metric, family, labels, rejected))
        {
            return;
        }
        var about = new MetricMetadata(TypeOf(metric), metric.Description, UnitNames.Whole(metric.Unit));
        metadata[family] = about;
        translator.Write(metric, family, labels, _features.TypeAndUnitLabels ? about : null);
    }

    private static bool HasTemporality(OtlpMetric metric) =>
        metric.Kind is OtlpMetricKind.Sum or OtlpMetricKind.Histogram or OtlpMetricKind.ExponentialHistogram;

    private bool Accept(OtlpMetric metric, string family, PointLabels labels, RejectedPoints rejected)
    {
        if (metric.Temporality is OtlpTemporality.Cumulative
            || (metric.Temporality is OtlpTemporality.Delta && _features.NativeDelta && _deltas is null))
        {
            return true;
        }
        if (metric.Temporality is not OtlpTemporality.Delta || _deltas is null)
        {
            rejected.Add(metric.Points.Count, $"invalid temporality and type combination for metric \"{metric.Name}\"");
            return false;
        }
        metric.Points.RemoveAll(point =>
        {
            if (_deltas.Add(labels.Of(point).With(Label.MetricName, family), metric.Kind, point, out var reason))
            {
                return false;
            }
            rejected.Add(1, $"{metric.Name}: {reason}");
            return true;
        });
        metric.Temporality = OtlpTemporality.Cumulative;
        return true;
    }

    /// <summary>A delta is neither counter nor gauge as Prometheus knows them.</summary>
    private static string TypeOf(OtlpMetric metric) => metric.Kind switch
    {
        OtlpMetricKind.Gauge => "gauge",
        OtlpMetricKind.Summary => "summary",
        _ when metric.Temporality is OtlpTemporality.Delta => "unknown",
        OtlpMetricKind.Sum => metric.IsMonotonic ? "counter" : "gauge",
        _ => "histogram",
    };

    /// <summary>One sample at the first time of the resource's points, one at the last, and enough between them that a query
    /// at any time finds one.</summary>
    private bool StoreTargetInfo(OtlpResource resource, PointLabels labels, SeriesWriter writer)
    {
        var times = resource.Scopes.SelectMany(scope => scope.Metrics).SelectMany(metric => metric.Points).Select(point => point.TimeMs);
        var (first, last) = (long.MaxValue, long.MinValue);
        foreach (var timeMs in times)
        {
            (first, last) = (Math.Min(first, timeMs), Math.Max(last, timeMs));
        }
        if (first > last || labels.OfTargetInfo() is not { } info)
        {
            return false;
        }
        var stepMs = Math.Max(1, (long)_features.Lookback.TotalMilliseconds / 2);
        // Bounded: a request whose times lie years apart is not answered with millions of samples.
        first = Math.Max(first, last - (MaxInfoSamples * stepMs));
        for (var timeMs = first; timeMs < last; timeMs += stepMs)
        {
            writer.Add(info, timeMs, 1, 0);
        }
        writer.Add(info, last, 1, 0);
        return true;
    }
}
