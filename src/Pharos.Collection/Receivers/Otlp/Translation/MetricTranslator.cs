using Pharos.Collection.Receivers.Otlp.Model;
using Pharos.Storage.Model;
using Pharos.Storage.Text;

namespace Pharos.Collection.Receivers.Otlp.Translation;

/// <summary>Writes the points of metrics as Prometheus' series.</summary>
/// <remarks>Prometheus: prometheusremotewrite/metrics_to_prw.go and number_data_points.go.</remarks>
internal sealed class MetricTranslator(OtlpOptions options, SeriesWriter writer, RejectedPoints rejected)
{
    /// <param name="described">What becomes labels of each series; null where that is not wanted.</param>
    public void Write(OtlpMetric metric, string family, PointLabels labels, MetricMetadata? described)
    {
        foreach (var point in metric.Points)
        {
            var common = described?.Describe(labels.Of(point)) ?? labels.Of(point);
            switch (metric.Kind)
            {
                case OtlpMetricKind.Gauge or OtlpMetricKind.Sum:
                    WriteNumber(metric, family, common, point);
                    break;
                case OtlpMetricKind.Histogram when options.ConvertHistogramsToNhcb:
                    WriteNative(Named(common, family), point, HistogramTranslation.WithCustomBuckets(point, metric.Temporality));
                    break;
                case OtlpMetricKind.Histogram:
                    WriteClassic(family, common, point);
                    break;
                case OtlpMetricKind.ExponentialHistogram:
                    if (HistogramTranslation.Exponential(point, metric.Temporality, out var reason) is { } histogram)
                    {
                        WriteNative(Named(common, family), point, histogram);
                    }
                    else
                    {
                        rejected.Add(1, $"{metric.Name}: {reason}");
                    }
                    break;
                default:
                    WriteSummary(family, common, point);
                    break;
            }
        }
    }

    private static LabelSet Named(LabelSet labels, string name) => labels.With(Label.MetricName, name);

    private static double Or(OtlpPoint point, double value) => point.HasNoRecordedValue ? StaleMarker.Value : value;

    private void WriteNumber(OtlpMetric metric, string family, LabelSet common, OtlpPoint point)
    {
        var isSum = metric.Kind is OtlpMetricKind.Sum;
        var start = isSum && metric.IsMonotonic ? point.StartMs : 0;
        var reference = writer.Add(Named(common, family), point.TimeMs, Or(point, point.Value), start);
        if (isSum)
        {
            WriteExemplars(point, _ => reference);
        }
    }

    private void WriteNative(LabelSet labels, OtlpPoint point, Storage.Histograms.NativeHistogram histogram)
    {
        var reference = writer.Add(labels, point.TimeMs, histogram, point.StartMs);
        WriteExemplars(point, _ => reference);
    }

    private void WriteClassic(string family, LabelSet common, OtlpPoint point)
    {
        if (point.Sum is { } sum)
        {
            writer.Add(Named(common, family + "_sum"), point.TimeMs, Or(point, sum), point.StartMs);
        }
        writer.Add(Named(common, family + "_count"), point.TimeMs, Or(point, point.Count), point.StartMs);
        var bucketName = Named(common, family + "_bucket");
        var buckets = new List<(double Bound, ulong Reference)>();
        var cumulative = 0UL;
        for (var i = 0; i < point.Bounds.Count && i < point.BucketCounts.Count; i++)
        {
            cumulative += point.BucketCounts[i];
            Bucket(point.Bounds[i], GoFloat.FormatF(point.Bounds[i]), cumulative);
        }
        Bucket(double.PositiveInfinity, "+Inf", point.Count);
        WriteExemplars(point, exemplar => buckets.Find(bucket => exemplar.Value <= bucket.Bound).Reference);

        void Bucket(double bound, string le, double count) => buckets.Add((
            bound, writer.Add(bucketName.With("le", le), point.TimeMs, Or(point, count), point.StartMs)));
    }

    private void WriteSummary(string family, LabelSet common, OtlpPoint point)
    {
        writer.Add(Named(common, family + "_sum"), point.TimeMs, Or(point, point.Sum ?? 0), point.StartMs);
        writer.Add(Named(common, family + "_count"), point.TimeMs, Or(point, point.Count), point.StartMs);
        var name = Named(common, family);
        foreach (var (quantile, value) in point.Quantiles)
        {
            writer.Add(name.With("quantile", GoFloat.FormatF(quantile)), point.TimeMs, Or(point, value), point.StartMs);
        }
    }

    private void WriteExemplars(OtlpPoint point, Func<OtlpExemplar, ulong> series)
    {
        foreach (var exemplar in point.Exemplars.OrderBy(exemplar => exemplar.TimeNanoseconds))
        {
            writer.Add(series(exemplar), ExemplarTranslation.Translate(exemplar));
        }
    }
}
