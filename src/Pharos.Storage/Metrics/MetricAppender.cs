using Pharos.Storage.Encoding;
using Pharos.Storage.Histograms;
using Pharos.Storage.Metrics.Head;
using Pharos.Storage.Metrics.Head.Memory;
using Pharos.Storage.Model;

namespace Pharos.Storage.Metrics;

/// <summary>Collects one batch and hands it to the store.</summary>
internal sealed class MetricAppender(MetricStore store, HeadBlock head, HeadBatch fresh) : IMetricAppender
{
    private HeadBatch? _batch = fresh;

    /// <summary>Negative while the batch holds no series.</summary>
    private int _begun = -1;

    public AppendResult Append(ref ulong reference, LabelSet labels, long timestampMs, double value, long startTimeMs = 0) =>
        Append(ref reference, labels, new SeriesSample(timestampMs, value, null, startTimeMs));

    public AppendResult Append(ulong reference, long timestampMs, double value, long startTimeMs = 0)
    {
        var batch = _batch ?? throw new ObjectDisposedException(nameof(MetricAppender));
        Begin();
        var table = head.Series;
        var slot = table.Find(reference);
        return slot < 0 ? AppendResult.UnknownSeries
            : startTimeMs == 0 && timestampMs >= head.MinValidMs && batch.TryAddNewest(slot, ref table.StateOf(slot), timestampMs, value)
                ? AppendResult.Ok
            : Append(slot, new SeriesSample(timestampMs, value, null, startTimeMs));
    }

    public void Append(
        ReadOnlySpan<ulong> references, ReadOnlySpan<long> timestampsMs, ReadOnlySpan<double> values, Span<AppendResult> results)
    {
        var batch = _batch ?? throw new ObjectDisposedException(nameof(MetricAppender));
        Begin();
        var table = head.Series;
        var minValidMs = head.MinValidMs;
        for (var i = 0; i < references.Length; i++)
        {
            var slot = table.Find(references[i]);
            results[i] = slot < 0 ? AppendResult.UnknownSeries
                : timestampsMs[i] >= minValidMs && batch.TryAddNewest(slot, ref table.StateOf(slot), timestampsMs[i], values[i]) ? AppendResult.Ok
                : Append(slot, new SeriesSample(timestampsMs[i], values[i], null, 0));
        }
    }

    public AppendResult Append(
        ref ulong reference, LabelSet labels, long timestampMs, NativeHistogram histogram, long startTimeMs = 0) =>
        HistogramLayout.IsWellFormed(histogram)
            ? Append(ref reference, labels, new SeriesSample(timestampMs, histogram.Sum, histogram, startTimeMs))
            : store.Count(AppendResult.InvalidHistogram);

    public AppendResult AppendExemplar(ulong reference, Exemplar exemplar, LabelSet? labels = null)
    {
        var batch = _batch ?? throw new ObjectDisposedException(nameof(MetricAppender));
        Begin();
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
            End();
        }
    }

    public void Dispose()
    {
        if (_batch is { } used)
        {
            _batch = null;
            used.Clear();
            End();
            store.Return(used);
        }
    }

    private void Begin()
    {
        if (_begun < 0)
        {
            _begun = head.Leavers.BeginBatch();
            _batch?.Departures = head.Departures;
            _batch?.BegunAt = (head.LastCommit, head.MinValidMs);
        }
    }

    private void End()
    {
        if (_begun >= 0)
        {
            head.Leavers.EndBatch(_begun);
            _begun = -1;
        }
    }

    private AppendResult Append(ref ulong reference, LabelSet labels, in SeriesSample sample)
    {
        Begin();
        var slot = reference == 0 ? -1 : head.Series.Find(reference);
        if (slot < 0)
        {
            if (!IsValid(labels))
            {
                return store.Count(AppendResult.InvalidLabels);
            }
            var series = head.Find(labels);
            if (series is null && sample.TimestampMs < head.MinValidMs && !head.AcceptsLate(sample.TimestampMs))
            {
                return store.Count(head.LateWindowMs > 0 ? AppendResult.TooOld : AppendResult.OutOfBounds);
            }
            if (series is null && !store.MayCreateSeries())
            {
                return store.Count(AppendResult.Overloaded);
            }
            series ??= head.FindOrCreate(labels);
            if (series is null)
            {
                return store.Count(AppendResult.SeriesLimit);
            }
            reference = series.Value.Id;
            slot = series.Value.Slot;
        }
        return Append(slot, sample);
    }

    private AppendResult Append(int slot, in SeriesSample sample)
    {
        var batch = _batch ?? throw new ObjectDisposedException(nameof(MetricAppender));
        ref var state = ref head.Series.StateOf(slot);
        var result = Check(batch, slot, state, sample);
        if (result is AppendResult.OutOfOrder or AppendResult.OutOfBounds && head.LateWindowMs > 0)
        {
            result = CheckLate(slot, sample);
            if (result == AppendResult.Ok)
            {
                batch.Add(slot, ref state, sample, isLate: true);
                return result;
            }
        }
        if (result != AppendResult.Ok)
        {
            return store.Count(result);
        }
        batch.Add(slot, ref state, sample, isLate: false);
        return AppendResult.Ok;
    }

    /// <summary>A sample that is out of order, or of a sealed window: within the window for such it is taken all the same,
    /// and beyond it is too old, as Prometheus says it.</summary>
    private AppendResult CheckLate(int slot, in SeriesSample sample)
    {
        if (!head.AcceptsLate(sample.TimestampMs))
        {
            return AppendResult.TooOld;
        }
        var page = head.Series.PageOf(slot);
        lock (page.Lock)
        {
            return SeriesWriter.CheckLate(page, SeriesTable.IndexOf(slot), sample);
        }
    }

    private AppendResult Check(HeadBatch batch, int slot, in SeriesState state, in SeriesSample sample)
    {
        if (sample.TimestampMs < head.MinValidMs)
        {
            return AppendResult.OutOfBounds;
        }
        var newest = batch.NewestOf(slot, state);
        if (newest < 0)
        {
            // What is newer than the newest is in order, whoever else adds to the series; all else wants a closer look.
            return sample.TimestampMs > Volatile.Read(in state.LastMs) ? AppendResult.Ok : CheckStored(slot, sample);
        }
        var pending = batch.SampleAt(newest);
        if (sample.TimestampMs != pending.TimestampMs)
        {
            return sample.TimestampMs > pending.TimestampMs ? AppendResult.Ok : AppendResult.OutOfOrder;
        }
        return sample.IsSameAs(pending.Histogram, pending.Value)
            ? AppendResult.SameAsStored : AppendResult.DuplicateTimestamp;
    }

    private AppendResult CheckStored(int slot, in SeriesSample sample)
    {
        var page = head.Series.PageOf(slot);
        lock (page.Lock)
        {
            return SeriesWriter.Check(page, SeriesTable.IndexOf(slot), sample);
        }
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
