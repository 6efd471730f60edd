using Pharos.Query.PromQL.Evaluation;
using Pharos.Query.PromQL.Syntax;
using Pharos.Storage.Model;
using Pharos.Storage.Text;

namespace Pharos.Query.PromQL.Ranges;

/// <summary>What functions have to say of one series, each thing once.</summary>
/// <param name="position">The first argument of the call.</param>
internal sealed class SeriesNotes(Annotations annotations, LabelSet labels, PositionRange position)
{
    private Note _noted;

    [Flags]
    private enum Note
    {
        Mixed = 1,
        HistogramsIgnored = 2,
        NotCounter = 4,
        NotGauge = 8,
        MixedBuckets = 16,
        Overlap = 32,
        Addition = 64,
        Subtraction = 128,
        Aggregation = 256,
        ResetsInAggregation = 512,
    }

    private string Name => GoQuote.Quote(labels.MetricName);

    public void MixedTypes() => Warn(Note.Mixed, AnnotationText.MixedTypes + " metric name ");

    public void HistogramsIgnored()
    {
        if (IsNew(Note.HistogramsIgnored))
        {
            annotations.Inform(
                $"ignored histograms in a range containing both floats and histograms for metric name {Name}", position);
        }
    }

    public void NotCounter() => Warn(Note.NotCounter, "this native histogram metric is not a counter: ");

    public void NotGauge() => Warn(Note.NotGauge, "this native histogram metric is not a gauge: ");

    public void MixedBuckets() => Warn(Note.MixedBuckets, AnnotationText.MixedBuckets + " ");

    public void StartTimesOverlap() => Warn(Note.Overlap,
        "sample has start time that overlaps with previous sample timestamp for metric ");

    public void BoundsReconciled(HistogramOperation operation)
    {
        var note = operation switch
        {
            HistogramOperation.Addition => Note.Addition,
            HistogramOperation.Subtraction => Note.Subtraction,
            _ => Note.Aggregation,
        };
        if (IsNew(note))
        {
            annotations.Inform(AnnotationText.BoundsReconciled(operation), position);
        }
    }

    /// <summary>Some histograms of one aggregation say that the counter was reset, others that it was not.</summary>
    public void ResetsCollide()
    {
        if (IsNew(Note.ResetsInAggregation))
        {
            annotations.Warn(AnnotationText.ResetsCollide(HistogramOperation.Aggregation), position);
        }
    }

    private void Warn(Note note, string message)
    {
        if (IsNew(note))
        {
            annotations.Warn(message + Name, position);
        }
    }

    private bool IsNew(Note note)
    {
        var isNew = (_noted & note) == 0;
        _noted |= note;
        return isNew;
    }
}
