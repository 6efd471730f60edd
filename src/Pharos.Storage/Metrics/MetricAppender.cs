using Pharos.Storage.Encoding;
using Pharos.Storage.Histograms;
using Pharos.Storage.Metrics.Head;
using Pharos.Storage.Model;

namespace Pharos.Storage.Metrics;

/// <summary>Collects one batch and hands it to the store.</summary>
internal sealed class MetricAppender(MetricStore store, HeadBlock head, HeadBatch fresh) : IMetricAppender
{
    private HeadBatch? _batch = fresh;

    public AppendResult Append(ref ulong reference, LabelSet labels, long timestampMs, double value, long startTimeMs = 0) =>
        Append(ref reference, labels, new SeriesSample(timestampMs, value, null, startTimeMs));

    public AppendResult Append(ulong reference, long timestampMs, double value, long startTimeMs = 0) =>
        head.Find(reference) is { } series
            ? Append(series, new SeriesSample(timestampMs, value, null, startTimeMs)) : AppendResult.UnknownSeries;

    public AppendResult Append(
        ref ulong reference, LabelSet labels, long timestampMs, NativeHistogram histogram, long startTimeMs = 0) =>
        HistogramLayout.IsWellFormed(histogram)
            ? Append(ref reference, labels, new SeriesSample(timestampMs, histogram.Sum, histogram, startTimeMs))
            : store.Count(AppendResult.InvalidHistogram);

    public AppendResult AppendExemplar(ulong reference, Exemplar exemplar, LabelSet? labels = null)
    {
        var batch = _batch ?? throw new ObjectDisposedException(nameof(MetricAppender));
        if ((head.Find(reference) ?? (labels is null ? null : head.Find(labels))) is not { } series)
        {
            return AppendResult.UnknownSeries;
        }
        if (head.Exemplars.Capacity == 0)
        {
            return AppendResult.Ok;
        }
        if (!IsText(exemplar.Labels))
        {
            return store.CountExemplar(AppendResult.InvalidLabels);
        }
        var result = head.Exemplars.Check(series.Labels, exemplar);
        if (result == AppendResult.Ok)
        {
            batch.AddExemplar(series, exemplar);
        }
        return store.CountExemplar(result);
    }

    public void Commit()
    {
        var batch = _batch ?? throw new ObjectDisposedException(nameof(MetricAppender));
        try
        {
            store.Commit(batch);
        }
        finally
        {
            batch.Clear();
        }
    }

    public void Dispose()
    {
        if (_batch is { } used)
        {
            _batch = null;
            used.Clear();
            store.Return(used);
        }
    }

    private AppendResult Append(ref ulong reference, LabelSet labels, in SeriesSample sample)
    {
        var series = reference == 0 ? null : head.Find(reference);
        if (series is null)
        {
            if (!IsValid(labels))
            {
                return store.Count(AppendResult.InvalidLabels);
            }
            series = head.Find(labels);
            if (series is null && sample.TimestampMs < head.MinValidMs && !head.AcceptsLate(sample.TimestampMs))
            {
                return store.Count(head.LateWindowMs > 0 ? AppendResult.TooOld : AppendResult.OutOfBounds);
            }
            series ??= head.FindOrCreate(labels);
            if (series is null)
            {
                return store.Count(AppendResult.SeriesLimit);
            }
            reference = series.Id;
        }
        return Append(series, sample);
    }

    private AppendResult Append(HeadSeries series, in SeriesSample sample)
    {
        var batch = _batch ?? throw new ObjectDisposedException(nameof(MetricAppender));
        var result = Check(batch, series, sample);
        if (result is AppendResult.OutOfOrder or AppendResult.OutOfBounds && head.LateWindowMs > 0)
        {
            return AppendLate(batch, series, sample);
        }
        if (result != AppendResult.Ok)
        {
            return store.Count(result);
        }
        batch.Add(series, sample, isLate: false);
        return AppendResult.Ok;
    }

    /// <summary>A sample that is out of order, or of a sealed window: within the window for such it is taken all the same,
    /// and beyond it is too old, as Prometheus says it.</summary>
    private AppendResult AppendLate(HeadBatch batch, HeadSeries series, in SeriesSample sample)
    {
        var result = head.AcceptsLate(sample.TimestampMs) ? series.CheckLate(sample) : AppendResult.TooOld;
        if (result != AppendResult.Ok)
        {
            return store.Count(result);
        }
        batch.Add(series, sample, isLate: true);
        return AppendResult.Ok;
    }

    private AppendResult Check(HeadBatch batch, HeadSeries series, in SeriesSample sample)
    {
        if (sample.TimestampMs < head.MinValidMs)
        {
            return AppendResult.OutOfBounds;
        }
        var slot = batch.NewestOf(series);
        if (slot < 0)
        {
            return series.Check(sample);
        }
        var pending = batch.SampleAt(slot);
        if (sample.TimestampMs != pending.TimestampMs)
        {
            return sample.TimestampMs > pending.TimestampMs ? AppendResult.Ok : AppendResult.OutOfOrder;
        }
        return sample.IsSameAs(pending.Histogram, pending.Value)
            ? AppendResult.SameAsStored : AppendResult.DuplicateTimestamp;
    }

    private static bool IsValid(LabelSet labels) => labels.Has(Label.MetricName) && IsText(labels);

    private static bool IsText(LabelSet labels)
    {
        foreach (var label in labels.Span)
        {
            // Text that UTF-8 cannot hold would come back from the disk as another.
            if (label.Name.Length == 0 || HasLoneSurrogate(label.Name) || HasLoneSurrogate(label.Value))
            {
                return false;
            }
        }
        return true;
    }

    private static bool HasLoneSurrogate(string text)
    {
        var rest = text.AsSpan();
        while (rest.IndexOfAnyInRange('\uD800', '\uDFFF') is var at and >= 0)
        {
            if (at + 1 == rest.Length || !char.IsSurrogatePair(rest[at], rest[at + 1]))
            {
                return true;
            }
            rest = rest[(at + 2)..];
        }
        return false;
    }
}
