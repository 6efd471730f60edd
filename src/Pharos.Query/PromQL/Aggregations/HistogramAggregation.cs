using Pharos.Query.PromQL.Evaluation;
using Pharos.Query.PromQL.Syntax;
using Pharos.Storage.Histograms;
using Pharos.Storage.Model;
using Pharos.Storage.Text;

namespace Pharos.Query.PromQL.Aggregations;

/// <summary>sum and avg of native histograms.</summary>
internal static class HistogramAggregation
{
    /// <summary>Null where exponential and custom buckets meet.</summary>
    /// <param name="histograms">At least one.</param>
    public static NativeHistogram? Reduce(Annotations annotations, PositionRange position,
        List<(NativeHistogram Histogram, LabelSet Labels)> histograms, bool average)
    {
        var hints = new ResetHints();
        hints.See(histograms[0].Histogram);
        var sum = average ? null : new HistogramAccumulator(histograms[0].Histogram);
        var mean = average ? new HistogramMean(histograms[0].Histogram) : null;
        var found = HistogramNotes.None;
        for (var i = 1; i < histograms.Count; i++)
        {
            var (histogram, labels) = histograms[i];
            hints.See(histogram);
            found |= mean?.Add(histogram) ?? sum!.Add(histogram);
            if (found.HasFlag(HistogramNotes.Incompatible))
            {
                annotations.Warn($"{AnnotationText.MixedBuckets} {GoQuote.Quote(labels.MetricName)}", position);
                return null;
            }
        }
        if (found.HasFlag(HistogramNotes.BoundsReconciled))
        {
            annotations.Inform(AnnotationText.BoundsReconciled(HistogramOperation.Aggregation), position);
        }
        if (hints.Collide)
        {
            annotations.Warn(AnnotationText.ResetsCollide(HistogramOperation.Aggregation), position);
        }
        return (mean?.ToHistogram() ?? sum!.ToHistogram()).Compact();
    }
}
